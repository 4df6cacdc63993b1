// Keeps a small value of this visitor in the browser's storage, and says once what was there.
// Private windows and embedded pages may have no storage: then nothing is kept, and nothing breaks.

import { isObject, merged } from "./merged.js"

const asked = new WeakSet()
const before = new Map() // by key, what this tab last read or kept: other tabs keep things too

export default function mount({ data, parentElement, setStateValue }) {
  const host = parentElement.host ?? parentElement
  host.closest("[data-testid=stElementContainer]").style.position = "absolute" // takes no room
  const key = `seqviz.${data.name}`
  const kept = read(key)
  if (!before.has(key)) before.set(key, kept ?? {})
  if (!asked.has(parentElement)) {
    asked.add(parentElement)
    if (kept) setStateValue("kept", kept)
  }
  if (!data.keep) return
  write(key, merged(kept ?? {}, before.get(key), data.keep))
  before.set(key, data.keep)
}

function read(key) {
  try {
    const kept = JSON.parse(localStorage.getItem(key))
    return isObject(kept) ? kept : null
  } catch {
    return null
  }
}

function write(key, value) {
  try {
    localStorage.setItem(key, JSON.stringify(value))
  } catch { } // no storage, or a full one
}
