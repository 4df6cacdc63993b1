// What this browser keeps of a room: its ticket, its answer, and the secret of who opened it.

const PREFIX = "seqviz-room-"
const MOST = 20 // rooms

function own() { // null where the browser keeps nothing, and says so by an error
  try { return globalThis.localStorage } catch { return null }
}

export function recall(code, storage = own()) {
  try {
    const kept = JSON.parse(storage.getItem(PREFIX + code))
    return kept && typeof kept === "object" ? kept : {}
  } catch { // a browser that keeps nothing, or something that is not ours
    return {}
  }
}

export function remember(code, mine, storage = own()) {
  try {
    const rooms = Object.keys(storage).filter((key) => key.startsWith(PREFIX) && key !== PREFIX + code)
    for (const old of rooms.slice(0, Math.max(0, rooms.length - MOST + 1))) storage.removeItem(old)
    storage.setItem(PREFIX + code, JSON.stringify(mine))
  } catch { /* then it is known as long as the page is open */ }
}
