// A film is fetched once, when it is wanted, and again only when it has grown.

import assert from "node:assert/strict"
import { beforeEach, test } from "node:test"

import { FilmSource } from "../../../../pages/components/player/film_source.js"

let asked, idle, answers, arrivals

beforeEach(() => {
  [asked, idle, answers, arrivals] = [[], [], [], 0]
  globalThis.requestIdleCallback = (then) => idle.push(then)
})

function bytes(iterations) {
  const text = new TextEncoder().encode(JSON.stringify({ iterations, tracks: [] }))
  const made = new Uint8Array(8 + text.length)
  new DataView(made.buffer).setUint32(4, text.length, true)
  made.set(text, 8)
  return made
}

function source() {
  const load = async (path) => {
    asked.push(path)
    if (!answers.length) throw new Error("404")
    return bytes(answers.shift())
  }
  return new FilmSource(load, () => arrivals++)
}

const training = (given) => ({ film: "films/a/1", state: "running", iteration: 30, checkpoints: [0, 10, 20], ...given })

test("nothing is fetched until it is wanted, and then once", async () => {
  answers = [[0, 10, 20]]
  const it = source()
  it.take(training())
  assert.deepEqual([asked, idle], [[], []])
  await Promise.all([it.want(0), it.want(1)])
  await it.want(9999)
  assert.deepEqual(asked, ["films/a/1"])
  assert.deepEqual(it.film.iterations, [0, 10, 20])
  assert.equal(arrivals, 1)
})

test("a training that has grown is fetched again, but not all the time", async () => {
  answers = [[0, 10, 20], [0, 10, 20, 40]]
  const it = source()
  it.take(training())
  await it.want(0)
  it.take(training({ iteration: 45, checkpoints: [0, 10, 20, 40] }))
  await it.want(1000)
  assert.equal(asked.length, 1)
  await it.want(3000)
  assert.deepEqual(it.film.iterations, [0, 10, 20, 40])
})

test("a training that went back before spoilt weights shows none of them", async () => {
  answers = [[0, 10, 11], [0, 10]]
  const it = source()
  it.take(training({ iteration: 11, checkpoints: [0, 10, 11] }))
  await it.want(0)
  it.take(training({ iteration: 10, checkpoints: [0, 10], state: "diverged" }))
  assert.equal(it.film, null)
  idle.pop()()
  await it.loading
  assert.deepEqual(it.film.iterations, [0, 10])
})

test("once the training rests it is fetched when the browser is idle", async () => {
  answers = [[0, 30]]
  const it = source()
  it.take(training({ state: "done" }))
  it.take(training({ state: "done" }))
  assert.deepEqual([asked.length, idle.length], [0, 1])
  idle.pop()()
  await it.loading
  assert.deepEqual(it.film.iterations, [0, 30])
  it.take(training({ state: "done" }))
  assert.equal(idle.length, 0)
})

test("a film that ends before the training is not asked for again and again", async () => {
  answers = [[0, 20], [0, 20]]
  const it = source()
  it.take(training({ state: "diverged" }))
  await it.want(0)
  await it.want(9999)
  assert.equal(asked.length, 1)
})

test("what could not be fetched is asked for again", async () => {
  const it = source()
  it.take(training())
  await it.want(0)
  assert.equal(it.film, null)
  answers = [[0, 10, 20]]
  await it.want(3000)
  assert.deepEqual(it.film.iterations, [0, 10, 20])
})

test("another address is another film, and what comes late from the old one is dropped", async () => {
  answers = [[0, 10, 20], [0, 5]]
  const it = source()
  it.take(training())
  const late = it.want(0)
  it.take(training({ film: "films/a/2", checkpoints: [0, 5] }))
  await late
  assert.equal(it.film, null)
  await it.want(1)
  assert.deepEqual(asked, ["films/a/1", "films/a/2"])
  assert.deepEqual(it.film.iterations, [0, 5])
})

test("without an address or a server there is no film", async () => {
  const it = source()
  it.take(training({ film: "" }))
  await it.want(0)
  it.take(null)
  await it.want(0)
  const alone = new FilmSource(null, () => {})
  alone.take(training())
  await alone.want(0)
  assert.deepEqual([asked, alone.film], [[], null])
})
