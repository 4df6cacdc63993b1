// Bytes as frame.py packs them come out as they went in.

import assert from "node:assert/strict"
import { test } from "node:test"

import { decode } from "../../../../pages/components/player/decode.js"

function packed(number, header, ...blocks) {
  const text = new TextEncoder().encode(JSON.stringify(header))
  const start = 8 + text.length + (-text.length & 3)
  const bytes = new Uint8Array(start + 4 * blocks.flat().length)
  new DataView(bytes.buffer).setUint32(0, number, true)
  new DataView(bytes.buffer).setUint32(4, text.length, true)
  bytes.set(text, 8)
  new Float32Array(bytes.buffer, start).set(blocks.flat())
  return bytes
}

test("each track holds its blocks, whatever the header's length", () => {
  for (const caption of ["", "a", "ab", "abc", "漢 🙂"]) {
    const tracks = [{ type: "input", blocks: { x: 2, wave: 0 } }, { type: "heat", blocks: { values: 3, initial: 1 } }]
    const data = decode(packed(7, { caption, tracks }, [1.5, -2.5], [0, 1, NaN], [Infinity]))
    assert.equal(data.number, 7)
    assert.equal(data.caption, caption)
    assert.deepEqual(data.tracks[0].x, Float32Array.of(1.5, -2.5))
    assert.deepEqual(data.tracks[0].wave, new Float32Array(0))
    assert.deepEqual(data.tracks[1].values, Float32Array.of(0, 1, NaN))
    assert.deepEqual(data.tracks[1].initial, Float32Array.of(Infinity))
  }
})

test("bytes that start anywhere in a larger buffer", () => {
  const bytes = packed(0, { tracks: [{ blocks: { x: 2 } }] }, [3, 4])
  const message = new Uint8Array(bytes.length + 3)
  message.set(bytes, 3)
  assert.deepEqual(decode(message.subarray(3)).tracks[0].x, Float32Array.of(3, 4))
})
