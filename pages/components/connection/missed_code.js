// Streamlit fetches the code of a kind of widget when a page first shows one. Where that fails, on
// a crowded classroom's wireless or while the server is restarted, it leaves an error in the
// widget's place for good. The page's address holds what the page shows: so this loads it anew, as
// soon as it can be had.

const WAIT = 1000 // ms until the server is asked again
const ONCE_IN = 20_000 // ms: code that is missing every time shall not reload the page for ever
const RELOADED = "seqviz.reloaded"

let waiting = false

export function reloadWhenCodeIsMissed() {
  const observer = new PerformanceObserver((list) => {
    if (list.getEntries().some(isMissedCode)) reload()
  })
  observer.observe({ type: "resource", buffered: true }) // those before this, too
  return () => observer.disconnect()
}

function isMissedCode({ name, responseStatus, decodedBodySize }) {
  const noAnswer = responseStatus === 0 && decodedBodySize === 0 // what a cache had has a size
  return /\/(static\/(js|css)|scripts)\//.test(name) && (noAnswer || responseStatus >= 400)
}

async function reload() {
  if (waiting) return
  waiting = true
  while (!(await canBeHad())) await new Promise((resolve) => setTimeout(resolve, WAIT))
  waiting = false
  try {
    if (Date.now() - Number(sessionStorage.getItem(RELOADED)) < ONCE_IN) return
    sessionStorage.setItem(RELOADED, Date.now())
  } catch {
    return // no storage, so no telling whether it was just reloaded
  }
  location.reload()
}

async function canBeHad() {
  try {
    return (await fetch(location.href, { cache: "no-store" })).ok
  } catch {
    return false
  }
}
