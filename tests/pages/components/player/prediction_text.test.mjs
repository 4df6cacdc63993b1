// What is predicted, in words: of one cell, and of a step.

import assert from "node:assert/strict"
import { test } from "node:test"

import { cellText, openText, tipText } from "../../../../pages/components/player/readout.js"
import { predictionLines, predictionText, recognisedText } from "../../../../pages/components/player/prediction_text.js"

function classes(given) {
  return { type: "prediction", kind: "classes", run: 0, layer: -1, direction: 0, T: 2, K: 2, shift: 0, title: "",
    names: ["circle", "square"], labels: ["1", "2"], values: Float32Array.of(0.97, 0.03, 0.25, 0.75), ...given }
}
const values = (given) => classes({ kind: "values", K: 1, names: ["sum"], values: Float32Array.of(0.43125, -1.5), ...given })
const cell = { run: 0, layer: -1, direction: 0, unit: 1 }
const at = (track, step, unit = 1) => cellText({ tracks: [track], T: 2 }, { ...cell, unit }, step)

test("of a step the likeliest classes are said: three, and five where only five have a row", () => {
  assert.equal(predictionText(classes(), 1), "circle 0.97 · square 0.03")
  assert.equal(predictionText(classes(), 2), "square 0.75 · circle 0.25")
  const four = classes({ K: 4, names: [..."abcd"], values: Float32Array.of(0.1, 0.2, 0.3, 0.4) })
  assert.equal(predictionText(four, 1), "d 0.40 · c 0.30 · b 0.20")
  const nine = classes({ K: 9, T: 1, names: [..."abcdefghi"], values: Float32Array.of(0, 0.1, 0.2, 0.3, 0, 0, 0.25, 0.05, 0.1) })
  assert.equal(predictionText(nine, 1), "d 0.30 · g 0.25 · c 0.20 · b 0.10 · i 0.10")
})

test("values are said in full, with their names if there are several", () => {
  assert.equal(predictionText(values(), 1), "0.4313")
  assert.equal(predictionText(values({ K: 2, names: ["a", "b"], T: 1 }), 1), "a 0.4313 · b −1.5000")
})

test("a value is said with its unit and the day it is for", () => {
  const days = values({ unit: "°C", shift: 1, labels: ["2015-12-30", "2015-12-31"] })
  assert.equal(predictionText(days, 1), "0.4313 °C, for 2015-12-31")
  assert.equal(predictionText(days, 2), "−1.5000 °C, for what comes after 2015-12-31")
  assert.equal(predictionText(values({ shift: 1, labels: ["1", "2"] }), 1), "0.4313")
  assert.equal(at(days, 1, 0), "prediction, step 2, after step 1: sum = 0.4313 °C (2015-12-31)")
})

test("once it has learned, the whole sequence is taken for a class", () => {
  const data = { T: 2, tracks: [{ type: "input" }, classes()], training: { iteration: 40 } }
  assert.equal(recognisedText(data), "It takes this for square, 0.75")
  assert.equal(recognisedText({ ...data, training: { iteration: 0 } }), "")
  assert.equal(recognisedText({ ...data, training: null }), "")
  assert.equal(recognisedText({ ...data, tracks: [values()] }), "")
  assert.equal(recognisedText({ ...data, T: 0 }), "")
})

test("before the first input nothing is predicted, and after the last the last", () => {
  assert.match(predictionText(classes(), 0), /^nothing/)
  assert.equal(predictionText(classes(), 9), predictionText(classes(), 2))
})

test("each run has a line with its title", () => {
  const tracks = [{ type: "input" }, classes({ title: "A tanh" }), classes({ title: "B GRU", run: 1 })]
  assert.deepEqual(predictionLines(tracks, 1), ["A tanh: circle 0.97 · square 0.03", "B GRU: circle 0.97 · square 0.03"])
  assert.deepEqual(predictionLines([{ type: "heat" }], 1), [])
  const input = { type: "input", T: 2, K: 1, features: ["value", "other"], predicted: new Float32Array([0.5, 0.25]) }
  assert.deepEqual(predictionLines([input], 2), ["0.2500"])
  const both = { ...input, predicted_before: new Float32Array([0, -1]) }
  assert.deepEqual(predictionLines([both], 2), ["−1.0000", "changed: 0.2500"])
})

test("a cell is said with its class, its step and what was asked", () => {
  assert.equal(at(classes(), 1), "prediction, step 1: square = 0.0300")
  assert.equal(at(classes({ title: "A", labels: ["a", "b"] }), 2), "A, prediction, step 2: square = 0.7500 (b)")
  const asked = classes({ target: Float32Array.of(NaN, 1) })
  assert.equal(at(asked, 1), "prediction, step 1: square = 0.0300")
  assert.equal(at(asked, 2), "prediction, step 2: square = 0.7500, asked: square")
  assert.equal(at(values({ target: Float32Array.of(0.5, NaN) }), 1, 0), "prediction, step 1: sum = 0.4313, asked: 0.5000")
  assert.match(at(classes(), 0), /^prediction, step 0: nothing/)
  assert.equal(at(classes(), 1, 2), "") // there are two classes
})

test("what is predicted for the next step stands there", () => {
  const next = classes({ shift: 1, labels: ["t", "h"] })
  assert.equal(at(next, 1), "prediction, step 2, after step 1: square = 0.0300 (h)")
  assert.equal(at(next, 2), "prediction, step 3, after step 2: square = 0.7500") // nobody knows what comes
  assert.match(at(next, 0), /^prediction, step 0: nothing/)
})

test("how an answer came about is said of its own step, also where it stands a step later", () => {
  const opened = { cell, step: 1, text: "softmax" }
  for (const [shift, where] of [[0, "step 1"], [1, "step 2, after step 1"]]) {
    const data = { tracks: [classes({ shift })], T: 2, opened }
    assert.equal(openText(data, cell, 1), `prediction, ${where}: square = softmax`)
    assert.notEqual(openText(data, cell, 2), `prediction, ${where}: square = softmax`)
  }
})

test("the tip says the class below it, of many classes the likeliest five", () => {
  assert.equal(tipText(classes(), 0, 1), "circle = 0.9700 · prediction, step 1")
  const nine = classes({ K: 9, T: 1, names: [..."abcdefghi"], values: Float32Array.of(0, 0.1, 0.2, 0.3, 0, 0, 0.25, 0.05, 0.1) })
  assert.equal(tipText(nine, 3, 1), "d 0.30 · g 0.25 · c 0.20 · b 0.10 · i 0.10 · prediction, step 1")
})
