// Which heatmap a cell is in, and which cell is beside it.

import assert from "node:assert/strict"
import { test } from "node:test"

import { cellBeside, hasUnit, inHeatmap, rowOf, unitOf } from "../../../../pages/components/player/cells.js"

const cell = (run, layer, direction, unit) => ({ run, layer, direction, unit })
const heat = (run, layer, direction, H) => ({ type: "heat", run, layer, direction, H })
const tracks = [{ type: "input" }, heat(0, 0, 0, 2), heat(0, 0, 1, 2), { type: "input" }, heat(1, 0, 0, 1)]

test("a cell is in the heatmap of its run, layer and direction", () => {
  const inside = (given) => tracks.filter((track) => inHeatmap(given, track))
  assert.deepEqual(inside(cell(0, 0, 1, 1)), [tracks[2]])
  assert.deepEqual(inside(cell(1, 0, 0, 0)), [tracks[4]])
  assert.deepEqual(inside(cell(0, 1, 0, 0)), [])
})

test("the first press selects the first unit", () => {
  assert.deepEqual(cellBeside(tracks, null, 1), cell(0, 0, 0, 0))
  assert.deepEqual(cellBeside(tracks, null, -1), cell(0, 0, 0, 0))
})

test("units follow each other through all heatmaps, and end at the ends", () => {
  const order = [cell(0, 0, 0, 0), cell(0, 0, 0, 1), cell(0, 0, 1, 0), cell(0, 0, 1, 1), cell(1, 0, 0, 0)]
  order.forEach((each, k) => {
    assert.deepEqual(cellBeside(tracks, each, 1), order[Math.min(k + 1, 4)])
    assert.deepEqual(cellBeside(tracks, each, -1), order[Math.max(k - 1, 0)])
  })
})

test("where every third unit has a row, units and rows find each other", () => {
  const thin = { ...heat(0, 0, 0, 3), stride: 3 } // units 0, 3, 6
  assert.deepEqual([0, 1, 2].map((row) => unitOf(thin, row)), [0, 3, 6])
  assert.deepEqual([0, 2, 3, 5, 6, 8].map((unit) => rowOf(thin, unit)), [0, 0, 1, 1, 2, 2])
  assert.deepEqual([0, 1, 3, 6, 9].map((unit) => hasUnit(thin, unit)), [true, false, true, true, false])
  assert.deepEqual([0, 1].map((unit) => unitOf(heat(0, 0, 0, 2), unit)), [0, 1])
  assert.deepEqual(cellBeside([thin], cell(0, 0, 0, 3), 1), cell(0, 0, 0, 6))
  assert.deepEqual(cellBeside([thin], cell(0, 0, 0, 4), 1), cell(0, 0, 0, 6)) // from one that has no row
  assert.deepEqual(cellBeside([thin], cell(0, 0, 0, 4), -1), cell(0, 0, 0, 0))
})

test("after the last unit come the outputs of a prediction", () => {
  const predicted = { type: "prediction", run: 0, layer: -1, direction: 0, K: 2 }
  const both = [heat(0, 0, 0, 1), predicted]
  const order = [cell(0, 0, 0, 0), cell(0, -1, 0, 0), cell(0, -1, 0, 1)]
  order.forEach((each, k) => {
    assert.deepEqual(cellBeside(both, each, 1), order[Math.min(k + 1, 2)])
    assert.deepEqual(cellBeside(both, each, -1), order[Math.max(k - 1, 0)])
  })
  assert.deepEqual([0, 1, 2].map((unit) => hasUnit(predicted, unit)), [true, true, false])
})
