// Text that changes often, and is read out only now and then.

const APART = 2000 // milliseconds, at least, from one announcement to the next

export class LiveText {
  constructor(element, apart = APART) {
    this.element = element
    this.apart = apart
    this.spoken = { text: "", at: -Infinity }
    element.setAttribute("aria-live", "polite")
  }

  forget() { this.spoken.at = -Infinity } // the next text is said at once

  // quiet: it is only to be seen. What was said last is not said again.
  say(text, { quiet = false, now = performance.now() } = {}) {
    clearTimeout(this.waiting)
    const wait = this.spoken.at + this.apart - now
    const loud = !quiet && text !== this.spoken.text && wait <= 0
    if (!quiet && wait > 0) this.waiting = setTimeout(() => this.say(text), wait)
    if (text === this.text && !loud) return
    this.text = text
    this.element.setAttribute("aria-live", loud ? "polite" : "off")
    this.element.replaceChildren(...lines(text)) // new nodes are read out, also when a silent text stays the same
    if (loud) this.spoken = { text, at: now }
  }
}

function lines(text) {
  return text.split("\n").map((line) => Object.assign(document.createElement("span"), { textContent: line }))
}
