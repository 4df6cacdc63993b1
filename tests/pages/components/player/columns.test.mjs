// Steps and columns of both directions, and which columns are in view.

import assert from "node:assert/strict"
import { test } from "node:test"

import {
  columnOf, countColumns, hasColumn, initialColumn, stepOf, Viewport,
} from "../../../../pages/components/player/columns.js"

const forward = { T: 5, direction: 0 }
const reverse = { T: 5, direction: 1 }
const columns = [0, 1, 2, 3, 4, 5, 6]

test("forward, h_0 stands at the left and each step a column further", () => {
  assert.deepEqual([0, 1, 5].map((step) => columnOf(forward, step)), [0, 1, 5])
  assert.equal(initialColumn(forward), 0)
  assert.deepEqual(columns.filter((column) => hasColumn(forward, column)), [0, 1, 2, 3, 4, 5])
})

test("in reverse, h_0 stands at the right and the last step in column 1", () => {
  assert.deepEqual([0, 1, 5].map((step) => columnOf(reverse, step)), [6, 5, 1])
  assert.equal(initialColumn(reverse), 6)
  assert.deepEqual(columns.filter((column) => hasColumn(reverse, column)), [1, 2, 3, 4, 5, 6])
  assert.ok(!hasColumn(forward, -1) && !hasColumn(reverse, 7))
})

test("the column of a step leads back to the step", () => {
  for (const track of [forward, reverse]) {
    for (let step = 0; step <= 5; step++) assert.equal(stepOf(track, columnOf(track, step)), step)
  }
})

test("of a track shorter than the step, the last column is meant", () => {
  assert.equal(columnOf(forward, 9), 5)
  assert.equal(columnOf(reverse, 9), 1)
  assert.equal(columnOf({ T: 0, direction: 0 }, 1), 1)
})

test("there is room for every step that may still be drawn, and for each h_0", () => {
  assert.equal(countColumns({ tracks: [forward], capacity: 0, T: 5 }), 6)
  assert.equal(countColumns({ tracks: [forward, reverse], capacity: 0, T: 5 }), 7)
  assert.equal(countColumns({ tracks: [forward], capacity: 60, T: 5 }), 61)
})

function viewport(given) { return Object.assign(new Viewport(), { columns: 101, width: 1000, ...given }) }

test("without zoom all columns are in view", () => {
  const view = viewport()
  view.centre(70)
  assert.deepEqual([view.first, view.visible, view.left(0), view.left(101)], [0, 101, 0, 1000])
  assert.equal(view.columnWidth, 1000 / 101)
})

test("zoomed, a part is in view, around a column and never beyond the ends", () => {
  const view = viewport({ zoom: 4 })
  assert.equal(view.visible, 26)
  for (const [column, first] of [[0, 0], [50, 37], [100, 75]]) {
    view.centre(column)
    assert.equal(view.first, first)
  }
  assert.equal(view.left(75), 0)
  assert.equal(view.left(101), 1000)
  assert.equal(viewport({ columns: 3, zoom: 16 }).visible, 2)
})

test("the pixel of a column leads back to the column", () => {
  const view = viewport({ zoom: 4, first: 37 })
  for (const column of [37, 50, 62]) {
    assert.equal(view.columnAt((view.left(column) + view.columnWidth / 2) / view.width), column)
  }
})

test("the view follows a step that leaves it", () => {
  const view = viewport({ zoom: 4, first: 20 })
  assert.equal(view.follow(20), false)
  assert.equal(view.follow(44), false)
  assert.equal(view.first, 20)
  assert.equal(view.follow(45), true) // the next step must be seen, too
  assert.equal(view.first, 44)
  assert.equal(view.follow(43), true)
  assert.equal(view.first, 19)
  assert.equal(view.follow(100), true)
  assert.equal(view.first, 75)
  assert.equal(view.follow(100), false) // it cannot go further
  assert.equal(view.follow(0), true)
  assert.equal(view.first, 0)
})

test("what is predicted for the next step stands in that step's column, the last beyond all steps", () => {
  const next = { type: "prediction", T: 5, direction: 0, shift: 1 }
  assert.deepEqual([1, 5].map((step) => columnOf(next, step)), [2, 6])
  assert.deepEqual([2, 6].map((column) => stepOf(next, column)), [1, 5])
  assert.deepEqual(columns.filter((column) => hasColumn(next, column)), [2, 3, 4, 5, 6])
  assert.equal(countColumns({ tracks: [forward, next], capacity: 0, T: 5 }), 7)
  assert.equal(countColumns({ tracks: [forward, { ...forward, shift: 1 }], capacity: 0, T: 5 }), 7)
  const now = { ...next, shift: 0 }
  assert.deepEqual(columns.filter((column) => hasColumn(now, column)), [1, 2, 3, 4, 5]) // there is no h_0
  assert.equal(countColumns({ tracks: [forward, now], capacity: 0, T: 5 }), 6)
  const input = { type: "input", T: 5, direction: 0, shift: 1 } // its own values stay where they are
  assert.equal(columnOf(input, 3), 3)
})
