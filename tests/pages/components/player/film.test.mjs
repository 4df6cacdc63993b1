// A film taken apart: its stops, and what the tracks show at each.

import assert from "node:assert/strict"
import { test } from "node:test"

import { atCheckpoint, isOf, knows, nearest, stopsOf } from "../../../../pages/components/player/film.js"

const own = () => ({
  tracks: [
    { type: "input", x: [1, 2], range: [0, 1], predicted: Float32Array.of(9, 9), shift: 1 },
    { type: "heat", values: Float32Array.of(7, 8), initial: new Float32Array(0), end: null },
    { type: "heat", values: Float32Array.of(1), initial: new Float32Array(0), end: 0.5, scale: "±0.5" },
  ],
  ends: [-0.5, 0.5], fit: [0.2, 0.8], opened: { text: "tanh(1)" },
})
const film = {
  iterations: [0, 10, 20], ends: [-2, 2], fit: [0.4, 0.9],
  tracks: [
    { at: 0, predicted: Float32Array.of(1, 2, 3, 4, 5, 6), range: [-1, 0.5] },
    { at: 1, values: Float32Array.of(1, 2, 3, 4, 5, 6) },
    { at: 2, values: Float32Array.of(1, 2, 3), end: 3, scale: "±3" },
  ],
}

test("the stops are the checkpoints before the newest state, and that", () => {
  const training = { iteration: 25, checkpoints: [0, 8, 16, 24] }
  assert.deepEqual(stopsOf(training, null), [0, 8, 16, 24, 25])
  assert.deepEqual(stopsOf(training, film), [0, 10, 20, 25])
  assert.deepEqual(stopsOf({ ...training, iteration: 20 }, film), [0, 10, 20])
  assert.deepEqual(stopsOf({ iteration: 0, checkpoints: [0] }, null), [0])
})

test("the closest checkpoint is found, the later of two", () => {
  assert.deepEqual([0, 4, 5, 14, 99, Infinity].map((at) => nearest(film.iterations, at)), [0, 0, 1, 1, 2, 2])
})

test("a film belongs to tracks of its own sizes", () => {
  const { tracks } = own()
  assert.ok(isOf(film, tracks))
  assert.ok(!isOf(film, tracks.slice(0, 2)))
  assert.ok(!isOf(film, tracks.map((track) => ({ ...track, values: track.values && new Float32Array(5) }))))
})

test("it knows all once it holds the last checkpoint", () => {
  const training = { state: "running", iteration: 25, checkpoints: [0, 10, 20] }
  assert.ok(knows(film, training))
  assert.ok(!knows(film, { ...training, checkpoints: [0, 10, 20, 24] }))
  assert.ok(!knows(film, { ...training, state: "done" }))
  assert.ok(knows(film, { ...training, state: "done", iteration: 20 }))
})

test("at a checkpoint the tracks have its numbers, as views of the film", () => {
  const shown = atCheckpoint(own(), film, 1)
  assert.deepEqual([...shown.tracks[1].values], [3, 4])
  assert.equal(shown.tracks[1].values.buffer, film.tracks[1].values.buffer)
  assert.deepEqual([...shown.tracks[0].predicted], [3, 4])
  assert.deepEqual(shown.tracks[0].x, [1, 2])
  assert.equal(shown.tracks[1].initial.length, 0)
  assert.equal(shown.opened, null) // it is told of the newest numbers
})

test("scales are the film's at every checkpoint, and at the newest", () => {
  for (const k of [0, 2, null]) {
    const shown = atCheckpoint(own(), film, k)
    assert.deepEqual([shown.ends, shown.fit], [[-2, 2], [0.2, 0.9]])
    assert.deepEqual(shown.tracks[0].range, [-1, 1])
    assert.deepEqual([shown.tracks[2].end, shown.tracks[2].scale], [3, "±3"])
  }
})

test("the newest shows what the frame brought, and without a film everything is the frame's", () => {
  const brought = own()
  const shown = atCheckpoint(brought, film, null)
  assert.deepEqual([...shown.tracks[1].values], [7, 8])
  assert.deepEqual(shown.opened, { text: "tanh(1)" })
  assert.equal(atCheckpoint(brought, null, 1), brought)
  assert.deepEqual(brought, own()) // nothing of the frame was changed
})
