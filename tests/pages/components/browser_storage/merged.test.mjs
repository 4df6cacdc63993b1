// What two tabs keep between them.

import assert from "node:assert/strict"
import { test } from "node:test"

import { merged } from "../../../../pages/components/browser_storage/merged.js"

test("what another tab has added stays", () => {
  const there = { answers: { 1: "1rc", 2: "2c0.5" }, lesson: 2 }
  const before = { answers: { 1: "1rc" }, lesson: 1 }
  const now = { answers: { 1: "1rc", 3: "3ca" }, lesson: 3 }
  const answers = { 1: "1rc", 2: "2c0.5", 3: "3ca" }
  assert.deepEqual(merged(there, before, now), { answers, lesson: 3 })
})

test("what was not changed here stays as another tab has left it", () => {
  const there = { answers: { 1: "1rc" }, lesson: 7, language: "de" }
  const before = { answers: { 1: "1cc" }, lesson: 1, language: "en" }
  assert.deepEqual(merged(there, before, before), there)
})

test("what was taken back here goes, what another tab has stays", () => {
  const there = { answers: { 1: "1rc", 2: "2c0.5" } }
  const before = { answers: { 1: "1rc" } }
  assert.deepEqual(merged(there, before, { answers: {} }), { answers: { 2: "2c0.5" } })
})

test("what an older version kept in another form gives way", () => {
  const there = { answers: "1rc_2c0.5" }
  const now = { answers: { 1: "1rc", 2: "2c0.5" } }
  assert.deepEqual(merged(there, there, now), now)
})

test("nothing was there", () => {
  const now = { answers: { 1: "1rc" }, lesson: 1 }
  assert.deepEqual(merged({}, {}, now), now)
})
