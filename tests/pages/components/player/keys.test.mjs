// What a key does, and where it is left to the page.

import assert from "node:assert/strict"
import { test } from "node:test"

import { actionOf } from "../../../../pages/components/player/keys.js"

const pressed = (key, given = {}) => actionOf({ key, target: { tagName: "DIV" }, ...given })

test("arrows step and select, with Shift ten steps", () => {
  assert.deepEqual(pressed("ArrowRight"), { does: "step", by: 1 })
  assert.deepEqual(pressed("ArrowLeft"), { does: "step", by: -1 })
  assert.deepEqual(pressed("ArrowRight", { shiftKey: true }), { does: "step", by: 10 })
  assert.deepEqual(pressed("ArrowLeft", { shiftKey: true }), { does: "step", by: -10 })
  assert.deepEqual(pressed("ArrowDown", { shiftKey: true }), { does: "unit", by: 1 })
  assert.deepEqual(pressed("ArrowUp"), { does: "unit", by: -1 })
})

test("Home, End and Space", () => {
  assert.deepEqual(pressed("Home"), { does: "first" })
  assert.deepEqual(pressed("End"), { does: "last" })
  assert.deepEqual(pressed(" "), { does: "toggle" })
})

test("Space on a button or a box presses that", () => {
  assert.equal(pressed(" ", { target: { tagName: "BUTTON" } }), null)
  assert.equal(pressed(" ", { target: { tagName: "INPUT", type: "checkbox" } }), null)
  assert.deepEqual(pressed(" ", { target: { tagName: "INPUT", type: "range" } }), { does: "toggle" })
  assert.deepEqual(pressed("End", { target: { tagName: "BUTTON" } }), { does: "last" })
})

test("other keys, a browser's shortcuts and menus are not the player's", () => {
  for (const key of ["a", "Enter", "Tab", "toString", "constructor"]) assert.equal(pressed(key), null)
  for (const held of ["ctrlKey", "metaKey", "altKey"]) assert.equal(pressed("ArrowLeft", { [held]: true }), null)
  assert.equal(pressed("ArrowDown", { target: { tagName: "SELECT" } }), null)
})

test("the slider over checkpoints keeps its own keys", () => {
  const target = { tagName: "INPUT", type: "range", dataset: { keys: "own" } }
  for (const key of ["ArrowLeft", "ArrowDown", "Home", "End", " "]) assert.equal(pressed(key, { target }), null)
})
