// Where words stand in a small plot.

import assert from "node:assert/strict"
import { test } from "node:test"

import { labelTop, readableTexts } from "../../../../pages/components/player/curve_plot.js"

test("a line's words stand right above it", () => {
  assert.equal(labelTop(60, 14, 130, []), 43)
  assert.equal(labelTop(60, 14, 130, [65, 70]), 43) // the curve is below
})

test("they stand right below it where the curve or the top is in the way", () => {
  assert.equal(labelTop(60, 14, 130, [45, 50]), 64)
  assert.equal(labelTop(10, 14, 130, []), 14)
})

test("they stay in the plot, and by their line, whatever is in the way", () => {
  assert.equal(labelTop(120, 14, 130, [110]), 103)
  assert.equal(labelTop(60, 14, 130, [50, 70]), 43)
})

test("numbers of an axis that would overlap are left out", () => {
  assert.deepEqual(readableTexts([70, 50, 30, 10], 13), [0, 1, 2, 3])
  assert.deepEqual(readableTexts([40, 32, 24, 16, 8], 13), [0, 2, 4])
  assert.deepEqual(readableTexts([], 13), [])
})
