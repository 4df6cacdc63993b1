// Streamlit tells the server of a press when a timer has its turn, and of two presses of one button
// before that it tells one. A browser that was busy does both presses of a double-click before any
// timer: so a press waits until the one before it has been told.

const BUTTON = "[data-testid=stButton] button"

export function tellEachPress() {
  const waiting = []
  let untold = false

  const hear = (event) => {
    const button = event.target.closest?.(BUTTON)
    if (!button) return
    if (untold) {
      event.stopImmediatePropagation()
      event.preventDefault()
      waiting.push(button)
      return
    }
    untold = true
    setTimeout(() => setTimeout(told)) // Streamlit's timer, which is not set yet, comes in between
  }
  const told = () => {
    untold = false
    while (waiting.length && !untold) waiting.shift().click() // one that is gone or disabled by now is not heard
  }

  document.addEventListener("click", hear, true)
  return () => document.removeEventListener("click", hear, true)
}
