// Text that changes often is read out now and then, and always in the end.

import assert from "node:assert/strict"
import { beforeEach, test } from "node:test"

import { LiveText } from "../../../../pages/components/player/live_text.js"

let waiting

beforeEach(() => {
  waiting = null
  globalThis.document = { createElement: () => ({}) }
  globalThis.setTimeout = (then) => { waiting = then; return 1 }
  globalThis.clearTimeout = () => { waiting = null }
})

function region() {
  return {
    said: [], attributes: {},
    setAttribute(name, value) { this.attributes[name] = value },
    replaceChildren(...nodes) {
      this.text = nodes.map(({ textContent }) => textContent).join("|")
      if (this.attributes["aria-live"] === "polite") this.said.push(this.text)
    },
  }
}

test("the first text is read out, one that follows soon is only seen", () => {
  const it = region()
  const live = new LiveText(it, 2000)
  live.say("a", { now: 0 })
  live.say("b", { now: 100 })
  assert.deepEqual([it.text, it.said], ["b", ["a"]])
  live.say("c\nd", { now: 2100 })
  assert.deepEqual([it.text, it.said], ["c|d", ["a", "c|d"]])
})

test("the last of several is read out once there is time", () => {
  const it = region()
  const live = new LiveText(it, 2000)
  live.say("a", { now: 0 })
  live.say("b", { now: 100 })
  live.spoken.at = -Infinity // two seconds later
  waiting()
  assert.deepEqual(it.said, ["a", "b"])
})

test("what is quiet is seen, and read out when it comes to rest", () => {
  const it = region()
  const live = new LiveText(it, 2000)
  live.say("a", { now: 0, quiet: true })
  assert.deepEqual([it.text, it.said, waiting], ["a", [], null])
  live.say("a", { now: 10 })
  assert.deepEqual(it.said, ["a"])
  live.say("a", { now: 9999 })
  assert.deepEqual(it.said, ["a"]) // it has been said
})

test("after forgetting, a text is said at once", () => {
  const it = region()
  const live = new LiveText(it, 2000)
  live.say("a", { now: 0 })
  live.forget()
  live.say("b", { now: 1 })
  assert.deepEqual(it.said, ["a", "b"])
})
