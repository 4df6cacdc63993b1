// Numbers as they are shown.

import assert from "node:assert/strict"
import { readFileSync } from "node:fs"
import { test } from "node:test"

import { endText, valueText } from "../../../../pages/components/player/numbers.js"

const CASES = JSON.parse(readFileSync(new URL("../../../seqviz/number_cases.json", import.meta.url), "utf-8"))

test("a value is written as Python writes it", () => {
  assert.ok(CASES.length > 20)
  for (const { value, digits, text } of CASES) assert.equal(valueText(Number(value), digits), text)
  assert.equal(valueText(Infinity), "inf")
  assert.equal(valueText(-Infinity), "−inf")
  assert.equal(valueText(NaN), "nan")
})

test("the end of a signed scale has its sign", () => {
  const texts = { 0: "+0.00", 0.234: "+0.23", "-0.234": "−0.23", 9.99: "+9.99", 10: "+10", "-42.4": "−42", 123.4: "+123", 9999: "+9999",
    12345: "+1.2e+4", "-12345": "−1.2e+4", 0.00012: "+1e−4" }
  for (const [value, text] of Object.entries(texts)) assert.equal(endText(Number(value), false), text)
})

test("the end of a gate's scale has none", () => {
  assert.equal(endText(0, true), "0.00")
  assert.equal(endText(1, true), "1.00")
})
