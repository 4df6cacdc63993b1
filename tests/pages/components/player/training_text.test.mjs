// A training in words.

import assert from "node:assert/strict"
import { test } from "node:test"

import {
  accuracyText, checkpointText, hasEnded, lossText, normText, percent, progressText, shortNumber, timeLeft, trainingText, valueNear,
} from "../../../../pages/components/player/training_text.js"

const training = (given) => ({
  state: "running", iteration: 412, iterations: 1500, seconds_left: 8.2, place: 0, clip: null,
  loss: [[1, 0.5], [412, 0.01234]], accuracy: [], gradient_norm: [],
  baselines: [{ answers: "always answering 1", loss: 1 / 6, accuracy: null }], ...given,
})

test("how far it is, and how long it still takes", () => {
  assert.equal(progressText(training()), "iteration 412 of 1,500 · about 8 s left")
  assert.equal(progressText(training({ seconds_left: null })), "iteration 412 of 1,500")
  assert.equal(progressText(training({ state: "paused" })), "iteration 412 of 1,500 · paused")
  assert.equal(progressText(training({ state: "done", iteration: 1500 })), "iteration 1,500 of 1,500 · done")
  assert.equal(progressText(training({ state: "waiting", place: 3 })), "place 3 in the queue")
})

test("time is rounded to what can be promised", () => {
  assert.deepEqual([0.4, 1, 59.6, 99, 100, 3600, 10800].map(timeLeft), ["less than 1 s left", "about 1 s left",
    "about 60 s left", "about 99 s left", "about 2 min left", "about 60 min left", "about 3 h left"])
  assert.equal(timeLeft(null), "")
})

test("the loss stands beside its baseline, and accuracy only where there is one", () => {
  assert.equal(lossText(training()), "loss 0.0123 (baseline 0.167)")
  assert.equal(lossText(training({ baselines: [] })), "loss 0.0123")
  assert.equal(lossText(training({ loss: [] })), "")
  assert.equal(lossText(training({ loss_name: "last batch" })), "last batch 0.0123 (baseline 0.167)")
  assert.equal(accuracyText(training()), "")
  const right = { accuracy: [[412, 0.973]], baselines: [{ answers: "guessing", loss: 1.39, accuracy: 0.25 }] }
  assert.equal(accuracyText(training(right)), "accuracy 97 % (baseline 25 %)")
  assert.equal(trainingText(training(right)).split("\n").length, 3)
  assert.equal(normText(training({ gradient_norm: [[412, 2.5]], clip: 1 })), "gradient norm 2.50, clipped at 1.00")
})

test("a percentage is never rounded up to perfect", () => {
  assert.deepEqual([0, 0.25, 0.997, 1].map(percent), ["0 %", "25 %", "99.7 %", "100 %"])
  assert.equal(percent(0.9999), "99.9 %")
})

test("numbers have three figures", () => {
  assert.deepEqual([0, 0.0123, 1.5, 12.34, 1234.5, 0.00001234, 1.2e6].map(shortNumber),
    ["0.00", "0.0123", "1.50", "12.3", "1235", "1.2e-5", "1.2e+6"])
  assert.equal(shortNumber(NaN), "no number")
})

test("a checkpoint is called by its iteration, the first untrained", () => {
  assert.equal(checkpointText(412, 1500), "iteration 412 of 1,500")
  assert.equal(checkpointText(0, 1500), "untrained")
})

test("a curve is read at the point that is closest", () => {
  const curve = [[1, 10], [100, 20], [200, 30]]
  assert.deepEqual([0, 1, 60, 170, 999].map((at) => valueNear(curve, at)), [10, 10, 20, 30, 30])
  assert.equal(valueNear([], 5), null)
})

test("a training ends from one frame to the next, once", () => {
  const [running, done] = [{ id: "a", state: "running" }, { id: "a", state: "done" }]
  assert.ok(hasEnded(running, done) && hasEnded(running, { id: "a", state: "diverged" }))
  assert.ok(!hasEnded(done, done) && !hasEnded(running, running) && !hasEnded(running, { id: "a", state: "paused" }))
  assert.ok(hasEnded(done, { id: "b", state: "done" })) // another one has ended meanwhile
  assert.ok(!hasEnded(undefined, done) && !hasEnded(running, null))
})
