// What a browser keeps of a room, also one that keeps nothing.

import assert from "node:assert/strict"
import { test } from "node:test"

import { recall, remember } from "../../../../pages/components/poll/memory.js"

function storage() {
  const kept = {}
  const hidden = { enumerable: false }
  return Object.defineProperties(kept, {
    getItem: { ...hidden, value: (key) => kept[key] ?? null },
    setItem: { ...hidden, value: (key, value) => { kept[key] = value } },
    removeItem: { ...hidden, value: (key) => { delete kept[key] } },
  })
}

test("what was remembered is recalled, for the last twenty rooms", () => {
  const kept = storage()
  for (let k = 0; k < 25; k++) remember(`ROOM${k}`, { choice: k }, kept)
  assert.deepEqual(recall("ROOM24", kept), { choice: 24 })
  assert.deepEqual(recall("ROOM0", kept), {})
  assert.equal(Object.keys(kept).length, 20)
})

test("what is not ours is nothing", () => {
  const kept = storage()
  kept.setItem("seqviz-room-A", "no JSON")
  assert.deepEqual(recall("A", kept), {})
})

test("a browser that forbids its storage keeps nothing, and nothing breaks", () => {
  Object.defineProperty(globalThis, "localStorage", {
    configurable: true,
    get() { throw new Error("SecurityError") },
  })
  assert.deepEqual(recall("A"), {})
  remember("A", { choice: 1 })
  delete globalThis.localStorage
})
