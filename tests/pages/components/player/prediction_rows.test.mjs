// The rows of a prediction, and which class or value stands in which.

import assert from "node:assert/strict"
import { test } from "node:test"

import {
  answersText, isAlone, isRanked, likeliest, predictionHeight, ranks, rowNames, rowOfUnit, unitAt, valueY,
} from "../../../../pages/components/player/prediction_rows.js"

const names = (K) => Array.from({ length: K }, (_, k) => `n${k}`)
const classes = (K, values = []) => ({ kind: "classes", T: values.length / K, K, names: names(K), values: Float32Array.from(values) })
const values = (K) => ({ kind: "values", K, names: names(K), range: [-1, 1] })

test("ranks are explained, and what is marked in them", () => {
  const next = { ...classes(9), answers: "the next character" }
  assert.equal(answersText(next), "most likely next character")
  assert.equal(answersText({ ...next, target: [1] }), "most likely next character · marked: the right one")
  assert.equal(answersText({ ...next, answers: "the likeliest next words" }), "most likely next words")
  assert.equal(answersText({ ...classes(8), answers: "the class" }), "the class")
})

test("up to eight classes have a row each, of more the likeliest five", () => {
  assert.deepEqual(rowNames(classes(8)), names(8))
  assert.deepEqual(rowNames(classes(9)), ["1st", "2nd", "3rd", "4th", "5th"])
  assert.deepEqual([8, 9].map((K) => isRanked(classes(K))), [false, true])
  assert.deepEqual(rowNames(values(3)), names(3))
  assert.equal(rowNames(values(40)).length, 12)
  assert.ok(isAlone(values(1)) && !isAlone(values(2)) && !isAlone(classes(2)))
})

test("a single curve is higher than one among others", () => {
  assert.ok(predictionHeight(values(1)) > predictionHeight(values(2)) / 2)
  assert.ok(predictionHeight(classes(9)) < predictionHeight(classes(8)))
})

test("the likeliest come first, equals in their order, and what is no number last", () => {
  const track = classes(6, [0.1, 0.5, 0.2, 0.5, NaN, 0.05, 0, 0, 0, 0, 0, 1])
  assert.deepEqual(likeliest(track, 0, 4), [1, 3, 2, 0])
  assert.deepEqual(likeliest(track, 1, 2), [5, 0])
  assert.equal(likeliest(track, 0, 10).length, 6)
})

test("ranks are counted once for the same numbers", () => {
  const track = classes(9, [0, 0.1, 0.2, 0.3, 0, 0, 0.25, 0.05, 0.1])
  const { classes: best, values: probabilities } = ranks(track)
  assert.deepEqual([...best], [3, 6, 2, 1, 8])
  assert.deepEqual([...probabilities], [...Float32Array.of(0.3, 0.25, 0.2, 0.1, 0.1)])
  assert.equal(ranks({ ...track }), ranks(track))
})

test("a row leads to its class and the class back to its row", () => {
  const few = classes(4, [0.1, 0.2, 0.3, 0.4])
  assert.deepEqual([0, 0.3, 0.99, 1, -0.1].map((share) => unitAt(few, share, 0)), [0, 1, 3, 3, 0])
  assert.deepEqual([0, 3, 4].map((unit) => rowOfUnit(few, unit, 0)), [0, 3, -1])
  const many = classes(9, [0, 0.1, 0.2, 0.3, 0, 0, 0.25, 0.05, 0.1])
  assert.deepEqual([0, 0.5, 0.99].map((share) => unitAt(many, share, 0)), [3, 2, 8])
  assert.deepEqual([3, 8, 0].map((unit) => rowOfUnit(many, unit, 0)), [0, 4, -1])
})

test("each value has a lane of its own, the highest value at its top", () => {
  assert.deepEqual([1, 0, -1].map((value) => valueY(values(1), 50, 0, value)), [5, 25, 45])
  assert.deepEqual([1, -1].map((value) => valueY(values(2), 40, 1, value)), [23, 37])
  const own = { ...values(2), ranges: [[0, 1], [-1, 1]] }
  assert.deepEqual([valueY(own, 40, 0, 0), valueY(own, 40, 1, 0)], [17, 30])
  assert.equal(valueY({ K: 1, range: [2, 2] }, 50, 0, 2), 45) // a flat one stands at the bottom
})
