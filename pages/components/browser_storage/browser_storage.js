// Keeps a small value of this visitor in the browser's storage, and says once what was there.
// Private windows and embedded pages may have no storage: then nothing is kept, and nothing breaks.

const asked = new WeakSet()

export default function ({ data, parentElement, setStateValue }) {
  const host = parentElement.host ?? parentElement
  host.closest("[data-testid=stElementContainer]").style.position = "absolute" // takes no room
  const key = `seqviz.${data.name}`
  if (!asked.has(parentElement)) {
    asked.add(parentElement)
    const kept = read(key)
    if (kept) setStateValue("kept", kept)
  }
  if (data.keep) write(key, data.keep)
}

function read(key) {
  try {
    const kept = JSON.parse(localStorage.getItem(key))
    return kept && typeof kept === "object" && !Array.isArray(kept) ? kept : null
  } catch {
    return null
  }
}

function write(key, value) {
  try {
    localStorage.setItem(key, JSON.stringify(value))
  } catch { } // no storage, or a full one
}
