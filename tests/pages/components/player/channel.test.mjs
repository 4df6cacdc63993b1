// The player's websocket: where it leads, when it opens again, and when it gives up.

import assert from "node:assert/strict"
import { beforeEach, test } from "node:test"

import { PlayerChannel } from "../../../../pages/components/player/channel.js"

let sockets, script

beforeEach(() => {
  sockets = []
  script = "https://example.org/lessons/static/js/index.js"
  globalThis.document = { querySelector: () => ({ src: script }) }
  globalThis.WebSocket = class {
    constructor(url) {
      this.url = String(url)
      sockets.push(this)
    }
    close() {
      this.closed = true
      this.onclose()
    }
  }
})

test("it leads to the app, wherever that is mounted", () => {
  new PlayerChannel(() => {}).open("token")
  script = "http://localhost:8501/static/js/index.js"
  new PlayerChannel(() => {}).open("other")
  assert.deepEqual(sockets.map((socket) => socket.url),
    ["wss://example.org/lessons/frames/token", "ws://localhost:8501/frames/other"])
})

test("without a token it stays closed", () => {
  new PlayerChannel(() => {}).open("")
  assert.equal(sockets.length, 0)
})

test("what arrives is handed on as bytes", () => {
  const taken = []
  const channel = new PlayerChannel((bytes) => taken.push(bytes))
  channel.open("token")
  assert.equal(sockets[0].binaryType, "arraybuffer")
  sockets[0].onmessage({ data: Uint8Array.of(1, 2).buffer })
  assert.deepEqual(taken, [Uint8Array.of(1, 2)])
})

test("one socket is open at a time, and another token closes it", () => {
  const channel = new PlayerChannel(() => {})
  channel.open("token")
  channel.open("token")
  assert.equal(sockets.length, 1)
  channel.open("other")
  assert.deepEqual(sockets.map((socket) => Boolean(socket.closed)), [true, false])
  channel.close()
  assert.ok(sockets[1].closed)
})

test("refused three times in a row it gives up, for this token", () => {
  const channel = new PlayerChannel(() => {})
  for (let frame = 0; frame < 5; frame++) {
    channel.open("token")
    sockets.at(-1).onclose()
  }
  assert.equal(sockets.length, 3)
  channel.open("other")
  assert.equal(sockets.length, 4)
})

test("once it has been open it tries again", () => {
  const channel = new PlayerChannel(() => {})
  for (let frame = 0; frame < 5; frame++) {
    channel.open("token")
    sockets.at(-1).onopen()
    sockets.at(-1).onclose()
  }
  assert.equal(sockets.length, 5)
})
