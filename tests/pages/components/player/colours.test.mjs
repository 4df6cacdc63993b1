// Values to colours: zero has the middle's colour, the ends of the scale are full.

import assert from "node:assert/strict"
import { test } from "node:test"

import { colourOf, colourTable, haveOwnScales, paletteOn, ramp, scaleEnds } from "../../../../pages/components/player/colours.js"

const ends = { negative: [0, 0, 255], positive: [255, 128, 0], gate: [0, 100, 80] }
const channels = (pixel) => [pixel & 255, (pixel >> 8) & 255, (pixel >> 16) & 255, pixel >>> 24]

test("a legend has ends unless each heatmap has its own scale", () => {
  const [input, states, difference] = [{ type: "input" }, { type: "heat", end: null }, { type: "heat", end: 0.2 }]
  assert.equal(haveOwnScales([input, difference, difference]), true)
  assert.equal(haveOwnScales([input, states, difference]), false)
  assert.equal(haveOwnScales([input]), false)
})

const palette = { ...ends, middle: [255, 255, 255] }

for (const middle of [[239, 241, 245], [39, 43, 55]]) {
  const signed = colourTable({ ...ends, middle }, false)
  const gates = colourTable({ ...ends, middle }, true)

  test(`signed values around ${middle}`, () => {
    const colour = colourOf(signed, [-2, 2], false)
    assert.deepEqual(channels(colour(0)), [...middle, 255])
    assert.deepEqual(channels(colour(-2)), [...palette.negative, 255])
    assert.deepEqual(channels(colour(-3)), [...palette.negative, 255])
    for (const value of [2.01, 2.02, 9, Infinity]) assert.deepEqual(channels(colour(value)), [...palette.positive, 255])
  })

  test(`gates from ${middle}`, () => {
    const colour = colourOf(gates, [0, 1], true)
    assert.deepEqual(channels(colour(0)), [...middle, 255])
    assert.deepEqual(channels(colour(1)), [...palette.gate, 255])
    const part = colourOf(gates, [0.2, 0.6], true) // a scale that fits the data
    assert.equal(part(0.2), colour(0))
    assert.equal(part(0.6), colour(1))
    assert.equal(part(0.1), colour(0))
    assert.equal(part(0.4), colour(0.5))
  })
}

test("half-way a colour is mixed half from the middle", () => {
  const signed = colourTable(palette, false)
  const near = (pixel, wanted) => channels(pixel).forEach((channel, k) => assert.ok(Math.abs(channel - [...wanted, 255][k]) <= 2))
  near(colourOf(signed, [-1, 1], false)(-0.5), [128, 128, 255])
  near(colourOf(signed, [-1, 1], false)(0.5), [255, 191, 128])
  near(colourOf(signed, [-4, 4], false)(2), [255, 191, 128])
  near(colourOf(colourTable(palette, true), [0, 1], true)(0.5), [128, 178, 168])
})

test("what is no number is grey", () => {
  for (const sequential of [false, true]) {
    const colour = colourOf(colourTable(palette, sequential), [0, 1], sequential)
    assert.deepEqual(channels(colour(NaN)), [136, 136, 136, 255])
  }
})

test("the ramp runs from one end of the table to the other", () => {
  const table = colourTable(palette, false)
  const line = ramp(table, 240)
  assert.equal(line.length, 240)
  assert.equal(line[0], table[0])
  assert.equal(line[239], table[511])
  assert.equal(line[120], table[257])
})

test("the scale fits the data or is fixed", () => {
  const states = { ends: [-0.4, 0.4], fit: [0, 1], sequential: false }
  const gates = { ends: [0, 1], fit: [0.3, 0.6], sequential: true }
  assert.deepEqual(scaleEnds(states, { signed: true, gate: false }), [-0.4, 0.4])
  assert.deepEqual(scaleEnds(states, { signed: false, gate: true }), [-1, 1])
  assert.deepEqual(scaleEnds(gates, { signed: true, gate: false }), [0, 1])
  assert.deepEqual(scaleEnds(gates, { signed: false, gate: true }), [0.3, 0.6])
})

test("a background has the palette of its theme", () => {
  const palettes = { light: {}, dark: {} }
  assert.equal(paletteOn(palettes, [255, 255, 255]), palettes.light)
  assert.equal(paletteOn(palettes, [15, 17, 23]), palettes.dark)
})
