// Where things stand inside a row, and how high rows are.

import assert from "node:assert/strict"
import { test } from "node:test"

import { axisTicks, curveY, inkPoints, movedApart, namedLines, rowHeights, within } from "../../../../pages/components/player/geometry.js"

const curve = { type: "input", kind: "curve", direction: 0 }
const text = (labels) => ({ type: "input", kind: "text", labels, T: labels.length })
const heat = (H, direction = 0) => ({ type: "heat", H, direction })

test("beside the page's other parts heatmaps share what the first screen has left", () => {
  assert.deepEqual(rowHeights([curve, heat(64)], 1000, 800, false), [52, 234])
  assert.deepEqual(rowHeights([curve, heat(64), heat(64)], 1000, 800, false), [52, 114, 114])
  assert.deepEqual(rowHeights([curve, heat(64)], 1000, 3000, false), [52, 894])
  assert.deepEqual(rowHeights([curve, heat(64)], 1000, 300, false), [52, 144])
})

test("a prediction over the input leaves room for the line that says it", () => {
  const predicted = { ...curve, predicted: new Float32Array(3) }
  assert.deepEqual(rowHeights([predicted, heat(64), heat(64)], 1000, 800, false), [52, 97, 97])
})

test("alone on a page they take more of it", () => {
  assert.deepEqual(rowHeights([curve, heat(64)], 1000, 800, true), [80, 458])
  assert.deepEqual(rowHeights([curve, heat(64)], 1000, 3000, true), [80, 1664])
  assert.deepEqual(rowHeights([curve, heat(64)], 420, 800, true), [80, 458])
  assert.deepEqual(rowHeights([curve, heat(64)], 419, 800, true), [52, 266])
})

test("on a phone they take less", () => {
  assert.deepEqual(rowHeights([curve, heat(64)], 419, 800, false), [52, 170])
  assert.deepEqual(rowHeights([curve, heat(64)], 420, 800, false), [52, 234])
})

test("few units get a low heatmap, many layers still one that can be seen", () => {
  assert.deepEqual(rowHeights([curve, heat(1), heat(2)], 1000, 800, false), [52, 26, 52])
  assert.deepEqual(rowHeights([curve, ...Array(20).fill(heat(64))], 1000, 800, false).slice(1), Array(20).fill(26))
})

test("words stand upright where a column has no room for them side by side", () => {
  const words = text(["the", "young", "girls", "do", "not", "like", "the", "green", "apples"])
  const height = (track, width) => rowHeights([track, heat(64)], width, 800, false)[0]
  assert.equal(height(words, 1000), 30)
  assert.equal(height(words, 270), 60)
  assert.equal(height(words, 100), 30) // and where there is none for their letters, some stand for all
  assert.equal(height(text([..."the young"]), 270), 30)
})

test("inputs have heights of their own", () => {
  assert.deepEqual(rowHeights([text(["a", "b"]), heat(64)], 1000, 800, false), [30, 234])
  assert.deepEqual(rowHeights([{ type: "input", kind: "gesture" }, heat(64)], 1000, 800, false), [72, 204])
  assert.deepEqual(rowHeights([{ type: "input", kind: "gesture" }], 1000, 2000, false), [88])
  assert.deepEqual(rowHeights([curve, curve, heat(64)], 1000, 800, false), [36, 36, 234])
})

test("a few lines with names of their own have room for them", () => {
  const six = { ...curve, I: 6, features: ["GOOG", "AAPL", "AMZN", "FB", "NFLX", "MSFT"] }
  assert.deepEqual(rowHeights([six, heat(64)], 1000, 800, false).slice(0, 1), [72])
  const lines = (I, name) => namedLines({ ...curve, I, features: Array.from({ length: I }, (_, i) => name(i)) })
  assert.deepEqual([1, 2, 6, 7].map((I) => lines(I, (i) => `wind ${i}`)), [0, 2, 6, 0])
  assert.equal(lines(3, (i) => `x${i}`), 0)
})

test("names at the same height are moved apart and stay in the row", () => {
  assert.deepEqual(movedApart([20, 20, 50], 12, 60), [20, 32, 50])
  assert.deepEqual(movedApart([58, 59, 2], 12, 60), [42, 54, 6])
  assert.deepEqual(movedApart([30, 30, 30], 12, 36), [6, 18, 30])
})

test("a curve keeps a margin above its highest and below its lowest value", () => {
  assert.deepEqual([3, 1, -1].map((value) => curveY([-1, 3], 50, value)), [5, 25, 45])
  assert.equal(curveY([2, 2], 50, 2), 45) // a constant
})

test("ink keeps its shape in the middle of its row", () => {
  const ink = Float32Array.of(3, -5, 0, 5, -5, 0, 5, -4, 1) // x, y, pen-up
  assert.deepEqual(inkPoints({ ink, T: 3 }, 1012, 52), [[6, 46], [86, 46], [86, 6]])
  assert.deepEqual(inkPoints({ ink, T: 3 }, 32, 52), [[6, 31], [26, 31], [26, 21]]) // the width is what limits it
  const point = Float32Array.of(3, -5, 0)
  assert.deepEqual(inkPoints({ ink: point, T: 1 }, 1012, 52), [[6, 26]])
})

test("ticks come at round steps, as close as they can be read", () => {
  const ticks = (T, wide, tracks = [curve, heat(4)]) => axisTicks({ tracks, T }, wide).map(([text, column]) => `${text}@${column}`)
  assert.deepEqual(ticks(3, 46), ["h₀@0", "1@1", "2@2", "3@3"])
  assert.deepEqual(ticks(12, 10), ["h₀@0", "5@5", "10@10"])
  assert.deepEqual(ticks(12, 9.1), ["h₀@0", "10@10"])
  assert.deepEqual(ticks(2000, 0.01), ["h₀@0"]) // 1000 and 2000 would stand on h_0
  assert.deepEqual(ticks(0, 10), [])
})

test("each direction has its h₀ on the axis, and no number beside it", () => {
  const ticks = (tracks) => axisTicks({ tracks: [curve, ...tracks], T: 10 }, 23).map(([, column]) => column)
  assert.deepEqual(ticks([heat(4)]), [0, 2, 4, 6, 8, 10])
  assert.deepEqual(ticks([heat(4, 1)]), [11, 2, 4, 6, 8])
  assert.deepEqual(ticks([heat(4), heat(4, 1)]), [0, 11, 2, 4, 6, 8])
})

test("a text stays within its row", () => {
  assert.deepEqual([2, 50, 99].map((middle) => within(middle, 10, 100)), [10, 50, 90])
})

test("a prediction has its own height, which heatmaps make room for", () => {
  const prediction = { type: "prediction", kind: "values", K: 1, names: ["y"], direction: 0 }
  const [, heatmap, predicted] = rowHeights([curve, heat(64), prediction], 1000, 1000, false)
  assert.equal(predicted, 52)
  assert.equal(heatmap, 434 - 52 - 50)
  assert.equal(rowHeights([curve, heat(64), prediction], 1000, 1000, false, 44)[1], heatmap - 44)
})
