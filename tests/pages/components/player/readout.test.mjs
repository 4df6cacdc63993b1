// What is said of a cell, an input and a step.

import assert from "node:assert/strict"
import { test } from "node:test"

import { cellText, openText, stepText, tipText } from "../../../../pages/components/player/readout.js"

function heat(given) {
  return { type: "heat", T: 2, H: 2, labels: ["1", "2"], values: [0.1, 0.2, 0.3, 0.4], initial: [0.5, 0.6],
    run: 0, layer: 0, direction: 0, title: "", quantity: "h", ...given }
}
const input = { type: "input", T: 2, I: 1, labels: ["1", "2"], x: Float32Array.of(0.25, -1), features: ["x0"] }
const at = (tracks, cell, step) => cellText({ tracks: [input, ...tracks], T: 2 }, cell, step)
const cell = { run: 0, layer: 0, direction: 0, unit: 1 }

test("a cell has its place and its value", () => {
  assert.equal(at([heat()], cell, 1), "layer 1, unit 1, step 1: h = 0.2000")
  assert.equal(at([heat()], { ...cell, unit: 0 }, 2), "layer 1, unit 0, step 2: h = 0.3000")
  assert.equal(at([heat()], cell, 0), "layer 1, unit 1, step 0: h_0 = 0.6000")
})

test("the reverse direction has read the last step first", () => {
  const back = { ...cell, direction: 1 }
  assert.equal(at([heat({ direction: 1 })], back, 1), "layer 1 reverse, unit 1, step 2: h = 0.4000")
  assert.equal(at([heat({ direction: 1 })], back, 2), "layer 1 reverse, unit 1, step 1: h = 0.2000")
  assert.equal(at([heat({ direction: 1 })], back, 0), "layer 1 reverse, unit 1, step 0: h_0 = 0.6000")
})

test("a run with a title and a step with a label are named", () => {
  const named = heat({ title: "A GRU", layer: 1, labels: ["a", ": "] })
  assert.equal(at([named], { ...cell, layer: 1 }, 1), "A GRU, layer 2, unit 1, step 1: h = 0.2000 (a)")
  assert.equal(tipText(named, 1, 2), "h = 0.4000 (: ) · A GRU, layer 2, unit 1, step 2")
})

test("a gate has no value before the first step", () => {
  assert.equal(tipText(heat({ quantity: "f", initial: [] }), 1, 0), "no f before the first step · layer 1, unit 1, step 0")
})

test("nothing is said of a cell that is not there", () => {
  assert.equal(at([heat()], null, 1), "")
  assert.equal(at([heat()], { ...cell, unit: 2 }, 1), "")
  assert.equal(at([heat()], { ...cell, run: 1 }, 1), "")
  assert.equal(cellText({ tracks: [heat()], T: 0 }, cell, 0), "")
})

test("an input has its features, a long one its first three", () => {
  assert.equal(tipText(input, 0, 0), "before the first input")
  assert.equal(tipText(input, 0, 2), "step 2: x0 = −1.0000")
  const features = ["a", "b", "c", "d", "e", "f", "g", "h"]
  const wide = (I) => ({ ...input, I, features, x: Float32Array.from({ length: 2 * I }, (_, k) => k / 2 + 0.25) })
  assert.equal(tipText(wide(2), 0, 2), "step 2: a = 1.2500, b = 1.7500")
  assert.equal(tipText(wide(6), 0, 1).split(",").length, 6)
  assert.equal(tipText(wide(8), 0, 1), "step 1: a = 0.2500, b = 0.7500, c = 1.2500, and 5 more")
})

test("of a one-hot input the one is said", () => {
  const hot = { ...input, I: 4, labels: ["a", "d"], features: ["a", "b", "c", "d"], x: Float32Array.of(1, 0, 0, 0, 0, 0, 0, 1) }
  assert.equal(tipText(hot, 0, 1), "step 1 (a): a = 1")
  assert.equal(tipText(hot, 0, 2), "step 2 (d): d = 1")
  const pen = { ...input, I: 3, features: ["dx", "dy", "up"], x: Float32Array.of(0.5, 0, 1, 0, 0, 0) }
  assert.equal(tipText(pen, 0, 1), "step 1: dx = 0.5000, dy = 0.0000, up = 1.0000")
})

test("the slider says the step and its label", () => {
  assert.equal(stepText(0, 2, ["a", "b"]), "step 0 of 2, before the first input")
  assert.equal(stepText(2, 2, ["a", "b"]), "step 2 of 2, b")
  assert.equal(stepText(2, 2, ["a"]), "step 2 of 2, ") // another input is shorter
})

test("how the open cell's value came about is said of its own step only", () => {
  const opened = { cell, step: 1, text: "tanh(0.3) = 0.2913" }
  const data = { tracks: [input, heat({ labels: ["a=b", "c"] })], T: 2, opened }
  assert.equal(openText(data, cell, 1), "layer 1, unit 1, step 1 (a=b): h = tanh(0.3) = 0.2913")
  assert.equal(openText(data, cell, 2), "layer 1, unit 1, step 2: h = 0.4000 (c)")
  assert.equal(openText(data, { ...cell, unit: 0 }, 1), "layer 1, unit 0, step 1: h = 0.1000 (a=b)")
  assert.equal(openText({ ...data, opened: null }, cell, 1), "layer 1, unit 1, step 1: h = 0.2000 (a=b)")
  assert.equal(openText(data, null, 1), "")
})

test("in the reverse direction it is said once that step of the input has been read", () => {
  const back = { ...cell, direction: 1 }
  const data = { tracks: [input, heat({ direction: 1 })], T: 2, opened: { cell: back, step: 2, text: "0.4" } }
  assert.equal(openText(data, back, 1), "layer 1 reverse, unit 1, step 2: h = 0.4")
  assert.equal(openText(data, back, 2), "layer 1 reverse, unit 1, step 1: h = 0.2000")
})

test("where every third unit has a row, its value is that unit's, and others have none", () => {
  const thin = heat({ stride: 3 }) // units 0 and 3
  assert.equal(at([thin], { ...cell, unit: 3 }, 1), "layer 1, unit 3, step 1: h = 0.2000")
  assert.equal(at([thin], { ...cell, unit: 3 }, 0), "layer 1, unit 3, step 0: h_0 = 0.6000")
  assert.equal(at([thin], { ...cell, unit: 1 }, 1), "")
})

test("features that were not sent are counted", () => {
  const wide = { ...input, more: 299 }
  assert.equal(tipText(wide, 0, 1), "step 1: x0 = 0.2500, and 299 more")
})

test("what was predicted for a step of the input is said beside it", () => {
  const track = { ...input, K: 1, shift: 1, predicted: Float32Array.of(-0.5, 2) }
  assert.equal(tipText(track, 0, 1), "step 1: x0 = 0.2500")
  assert.equal(tipText(track, 0, 2), "step 2: x0 = −1.0000 · predicted: −0.5000")
  assert.equal(tipText(track, 0, 3), "after the last input · predicted: 2.0000")
})
