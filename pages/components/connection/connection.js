// When the server was restarted, the browser opens its socket again and sends nothing: the new
// server knows neither the page nor what was set on it. So this asks for a run once the connection
// is back, and gives the new server what only the old one knew. Streamlit itself asks first if a run
// had begun that never ended: so what is handed over is laid ready when the server is lost.
//
// Streamlit says its connection's state on its outermost element and nowhere else. In between it
// opens a dialog that tells a class to type `streamlit run`: it gets words for who only watches, and
// they stay on the page when the dialog is closed.

import { reloadWhenCodeIsMissed } from "./missed_code.js"
import { tellEachPress } from "./presses.js"

const APP = "[data-test-connection-state]"
const TITLE = "Connection error" // Streamlit's
const OURS = "The server is away"
const SENTENCE = "This page waits for it and then goes on by itself. What you made is kept in its address."
const watching = new WeakMap()

export default function mount({ data, parentElement, setStateValue }) {
  let connection = watching.get(parentElement)
  if (!connection) {
    const host = parentElement.host ?? parentElement
    host.closest("[data-testid=stElementContainer]").style.position = "absolute" // takes no room
    connection = new Connection(document.querySelector(APP), parentElement.querySelector(".away"))
    watching.set(parentElement, connection)
  }
  connection.handover = data.handover
  connection.resume = (handover) => setStateValue("resumed", { ...handover, at: Date.now() })
  return () => {
    connection.close()
    watching.delete(parentElement)
  }
}

class Connection {
  constructor(app, notice) {
    this.notice = notice
    this.connected = true
    this.observer = new MutationObserver(() => this.look(app))
    this.observer.observe(app, { attributes: true, attributeFilter: ["data-test-connection-state"] })
    this.dialogs = new MutationObserver(() => this.say())
    this.stopReloading = reloadWhenCodeIsMissed()
    this.stopTelling = tellEachPress()
  }

  close() {
    this.observer.disconnect()
    this.dialogs.disconnect()
    this.stopReloading()
    this.stopTelling()
  }

  look(app) {
    const connected = app.getAttribute("data-test-connection-state") === "CONNECTED"
    const changed = connected !== this.connected
    if (connected) this.dialogs.disconnect()
    else this.dialogs.observe(document.body, { childList: true, subtree: true })
    this.connected = connected
    if (changed) this.resume(this.handover)
    if (connected) { this.told = false; this.notice.textContent = "" }
  }

  say() { // in the dialog, and on the page once somebody has closed that
    const open = reword()
    this.told ||= open
    const text = this.told && !open ? `${OURS}. ${SENTENCE}` : ""
    if (this.notice.textContent !== text) this.notice.textContent = text
  }
}

function reword() { // whether the dialog is open
  const titles = [...document.querySelectorAll("[role=dialog] h2")]
  const title = titles.find(({ textContent }) => textContent === TITLE || textContent === OURS)
  if (title?.textContent === TITLE) {
    title.textContent = OURS
    title.nextElementSibling.textContent = SENTENCE
  }
  return Boolean(title)
}
