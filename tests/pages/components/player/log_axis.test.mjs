// What a logarithmic axis spans, and its ticks.

import assert from "node:assert/strict"
import { test } from "node:test"

import { logAxis, logShare, logTicks, tickText } from "../../../../pages/components/player/log_axis.js"

test("it spans all values that have a logarithm", () => {
  const [low, high] = logAxis([0.01, 2, 0, -1, NaN, Infinity])
  assert.ok(low < 0.01 && low > 0.005 && high > 2 && high < 4)
  assert.deepEqual(logAxis([]), [0.1, 1])
  assert.deepEqual(logAxis([0, NaN]), [0.1, 1])
})

test("values that hardly differ stay a flat line in its middle", () => {
  const axis = logAxis([1, 1.01])
  assert.ok(axis[1] / axis[0] >= 4)
  assert.ok(Math.abs(logShare(axis, 1) - 0.5) < 0.01)
})

test("a value stands where its logarithm is, within the axis", () => {
  assert.deepEqual([0.01, 0.1, 1].map((value) => Math.round(1e6 * logShare([0.01, 1], value)) / 1e6), [0, 0.5, 1])
  assert.deepEqual([0, 0.001, 10].map((value) => logShare([0.01, 1], value)), [0, 0, 1])
  assert.ok(Number.isNaN(logShare([0.01, 1], -1)) && Number.isNaN(logShare([0.01, 1], NaN)))
})

test("ticks are powers of ten, with steps between them where there are few", () => {
  assert.deepEqual(logTicks([0.04, 2.5]), [0.1, 0.3, 1])
  assert.deepEqual(logTicks([0.8, 3]), [1, 2])
  assert.deepEqual(logTicks([0.005, 2], 3), [0.01, 0.1, 1])
  assert.deepEqual(logTicks([1.1, 1.9]), [1.4])
  const wide = logTicks([1e-9, 1e9])
  assert.ok(wide.length <= 5 && wide.length >= 3)
})

test("a tick is short", () => {
  assert.deepEqual([0.001, 0.5, 1, 1000, 1e-5, 1e5].map(tickText), ["0.001", "0.5", "1", "1000", "1e−5", "1e5"])
})
