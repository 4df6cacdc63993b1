// Playing, on a clock of our own.

import assert from "node:assert/strict"
import { beforeEach, test } from "node:test"

import { Playback, positionAfter, stepsPerSecond } from "../../../../pages/components/player/playback.js"

let now, waiting

beforeEach(() => {
  now = 0
  waiting = null
  globalThis.performance = { now: () => now }
  globalThis.requestAnimationFrame = (tick) => { waiting = tick; return 1 }
  globalThis.cancelAnimationFrame = () => { waiting = null }
})

function pass(milliseconds) { // one frame of the browser
  now += milliseconds
  const tick = waiting
  waiting = null
  tick?.(now)
}

function player(T, step = 0) {
  const log = []
  return {
    data: { T }, step, log, shown: false, rests: 0,
    advance(to) { this.step = to; log.push(to) },
    moved() { this.readAt = this.step },
    rest() { this.rests++ },
    showPlaying(playing) { this.shown = playing },
  }
}

test("a pass takes four seconds, and a short sequence plays no faster than two steps a second", () => {
  assert.equal(stepsPerSecond(1000, 1), 250)
  assert.equal(stepsPerSecond(1000, 0.1), 25)
  assert.equal(stepsPerSecond(4, 1), 2)
  assert.equal(stepsPerSecond(4, 4), 8)
})

test("a position moves with time, never back, and starts again in a loop", () => {
  assert.equal(positionAfter(3, 500, 2, 10, false), 4)
  assert.equal(positionAfter(3, -500, 2, 10, false), 3) // a frame may carry a time before start
  assert.equal(positionAfter(9.5, 500, 2, 10, false), 10.5)
  assert.equal(positionAfter(9.5, 500, 2, 10, true), 0)
})

test("it advances once for each whole step and rests at the end", () => {
  const it = player(4)
  const playback = new Playback(it)
  playback.start()
  assert.ok(playback.playing && it.shown)
  for (let k = 0; k < 8; k++) pass(250) // half a step each
  assert.deepEqual(it.log, [1, 2, 3, 4])
  assert.ok(!playback.playing && !it.shown)
  assert.equal(it.rests, 1)
  assert.equal(it.readAt, it.step, "the readout follows when it stands")
  assert.equal(waiting, null)
})

test("it goes on from where the player stands", () => {
  const it = player(100, 60)
  new Playback(it).start()
  pass(400)
  assert.equal(it.step, 70)
})

test("speed counts, but for a new sequence's first pass", () => {
  for (const [passing, step] of [[false, 40], [true, 10]]) {
    const it = player(100)
    const playback = new Playback(it)
    playback.speed = 4
    playback.start(passing)
    pass(400)
    assert.equal(it.step, step)
  }
})

test("a loop begins again and does not rest", () => {
  const it = player(4)
  const playback = new Playback(it)
  playback.loop = true
  playback.start()
  for (let k = 0; k < 5; k++) pass(500)
  assert.deepEqual(it.log, [1, 2, 3, 0, 1])
  assert.ok(playback.playing)
  assert.equal(it.rests, 0)
})

test("stopped, it stays where it is", () => {
  const it = player(100)
  const playback = new Playback(it)
  playback.start()
  pass(400)
  playback.stop()
  pass(400)
  assert.deepEqual([it.step, it.shown, playback.playing], [10, false, false])
})

test("of a sequence that became shorter it shows the end", () => {
  const it = player(100, 50)
  const playback = new Playback(it)
  playback.start()
  it.data = { T: 20 }
  pass(40)
  assert.equal(it.step, 20)
  assert.ok(!playback.playing)
})

test("without a sequence nothing plays", () => {
  const it = player(0)
  const playback = new Playback(it)
  playback.start()
  assert.ok(!playback.playing && !it.shown && waiting === null)
})

test("a film has seconds of its own, however few its checkpoints", () => {
  assert.equal(stepsPerSecond(200, 1, 8, 0), 25)
  assert.equal(stepsPerSecond(4, 1, 8, 0), 0.5)
  const it = player(4)
  const playback = new Playback(it, { seconds: 8, slowest: 0 })
  playback.start()
  for (let k = 0; k < 16; k++) pass(500)
  assert.deepEqual(it.log, [1, 2, 3, 4])
  assert.equal(now, 8000)
  assert.ok(!playback.playing)
})
