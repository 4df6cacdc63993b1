// A poll in one room: students answer, the teacher's screen counts and reveals. What is asked and
// answered comes from the server's routes, so that neither costs a run of the page.

import { appAddress } from "../player/address.js"
import { element } from "../player/elements.js"
import { histogram } from "./histogram.js"
import { recall, remember } from "./memory.js"

const TEACHER_LOOKS = 900 // milliseconds, until it asks again
const STUDENT_LOOKS = 2500
const AWAY = "The server is away: this page waits for it."
const polls = new WeakMap()

export default function mountPoll({ data, parentElement, setStateValue }) {
  let poll = polls.get(parentElement)
  if (!poll) {
    poll = new Poll(parentElement.querySelector(".poll"))
    polls.set(parentElement, poll)
  }
  poll.tell = (news) => setStateValue("news", news)
  poll.take(data)
  return () => {
    poll.close()
    polls.delete(parentElement)
  }
}

class Poll {
  constructor(root) {
    this.root = root
    this.count = element("span", "count")
    this.said = element("p", "said")
    this.said.setAttribute("role", "status")
  }

  take(told) { // from the page
    if (told.code !== this.told?.code) Object.assign(this, { shown: null, gone: false, waiting: null })
    const became = Boolean(told.secret) !== Boolean(this.told?.secret) || told.left !== this.told?.left // a teacher, or back
    const before = told.code === this.told?.code ? this.mine : {} // all there is where nothing is kept
    this.told = told
    const mine = { ...before, ...recall(told.code) }
    if (told.secret) mine.secret = told.secret
    mine.ticket ??= told.ticket
    this.mine = mine
    remember(told.code, mine)
    if (mine.secret && !told.secret) this.news({})
    if (this.shown && became) this.show(this.shown, true)
    if (!this.gone && !this.waiting) this.look()
  }

  close() {
    clearTimeout(this.waiting)
    this.closed = true
  }

  get isTeacher() { return Boolean(this.told.secret) }

  news({ round = null, revealed = false }) {
    this.tell({ code: this.told.code, round, revealed, secret: this.mine.secret ?? "" })
  }

  async look() { // and look again, as long as there is a room
    clearTimeout(this.waiting)
    if (!document.hidden) await this.ask("", null)
    if (this.closed || this.gone) return
    const wait = this.isTeacher ? TEACHER_LOOKS : STUDENT_LOOKS
    clearTimeout(this.waiting)
    this.waiting = setTimeout(() => this.look(), wait * (0.8 + 0.4 * Math.random()))
  }

  async ask(path, body) { // body: what is sent, null to look only. Gives what came back, null for a refusal
    const { code } = this.told
    const how = body && { method: "POST", body: JSON.stringify(body), headers: { "Content-Type": "application/json" } }
    let answer, said
    try {
      answer = await fetch(appAddress(`rooms/${code}${path}`), how ?? {})
      said = await answer.json()
    } catch {
      this.say(AWAY)
      return null
    }
    if (this.closed || code !== this.told.code) return null
    if (answer.status === 404) { this.end(said.error); return null }
    if (!answer.ok) { this.say(said.error); return null }
    if (this.said.textContent === AWAY) this.say("")
    if (said.text) this.show(said)
    return said
  }

  // ---- what is on screen -----------------------------------------------------------------------

  show(state, anew = false) {
    const before = this.shown
    this.shown = state
    const other = !before || before.round !== state.round || before.revealed !== state.revealed
    if (this.told.left) this.root.replaceChildren()
    else if (other || anew) this.build(state)
    this.count.textContent = `${state.answered} answered`
    if (other) {
      if (before) this.say("")
      const { round, revealed, waits } = this.told
      if (state.round !== round || (waits && state.revealed !== revealed)) this.news(state)
    }
  }

  build({ text, choices, revealed, counts, truth, found, round }) {
    const mine = this.mine.round === round ? this.mine.choice : null
    const left = element("div", "asked")
    left.append(element("p", "question", text))
    if (revealed) left.append(histogram({ choices, counts, truth, mine }), element("p", "found", found))
    else left.append(this.isTeacher ? this.listed(choices) : this.buttons(choices, mine, round))
    const below = element("div", "below")
    below.append(this.count)
    if (this.isTeacher && !revealed) below.append(this.action("Reveal", () => this.ask("/reveal", { secret: this.told.secret, round })))
    left.append(below, this.said)
    const parts = this.isTeacher && !revealed ? [left, this.way()] : [left]
    this.root.replaceChildren(...parts)
  }

  listed(choices) {
    const list = element("ol", "choices")
    list.append(...choices.map((choice) => element("li", "", choice)))
    return list
  }

  buttons(choices, mine, round) {
    const group = element("div", "choices")
    group.setAttribute("role", "group")
    group.setAttribute("aria-label", "Your answer")
    const made = choices.map((choice, k) => this.action(choice, () => this.choose(k, round, made)))
    made.forEach((button, k) => button.setAttribute("aria-pressed", k === mine))
    group.append(...made)
    return group
  }

  async choose(choice, round, buttons) {
    const { ticket } = this.mine
    if (!(await this.ask("/answers", { ticket, round, choice }))) { this.renew(); return }
    Object.assign(this.mine, { round, choice })
    remember(this.told.code, this.mine)
    buttons.forEach((button, k) => button.setAttribute("aria-pressed", k === choice))
    this.say("Your answer counts. You can change it until the answers are shown.")
    this.look()
  }

  renew() { // a ticket from another room of this code: the page has brought a new one
    if (this.mine.ticket !== this.told.ticket) {
      this.mine.ticket = this.told.ticket
      remember(this.told.code, this.mine)
    }
  }

  action(name, act) {
    const button = Object.assign(element("button", "", name), { type: "button" })
    button.onclick = act
    return button
  }

  way() { // how phones come here
    const { link, qr } = this.told
    const made = element("div", "way")
    if (qr) made.append(Object.assign(element("img"), { src: qr, alt: `QR code of ${link}` }))
    const words = element("p", "link", "Answer at ")
    words.append(element("b", "", link.replace(/^https?:\/\//, "")))
    made.append(words)
    return made
  }

  end(why) {
    this.gone = true
    this.root.replaceChildren(element("p", "question", "This room is gone."), element("p", "found", why))
    this.news({ round: 0 })
  }

  say(words) { if (this.said.textContent !== words) this.said.textContent = words }
}
