// Gives the container it stands in a role and a name, so that people who cannot see the page's
// layout find "Inspect", "Share" and "Export" among its regions. Streamlit has no way to say it,
// nor to let the keyboard scroll a formula that is wider than the screen.

const FORMULA = ".katex-display"

export default function ({ data, parentElement }) {
  const host = parentElement.host ?? parentElement
  const container = host.closest(`.st-key-${data.key}`)
  if (!container) return
  container.setAttribute("role", "region")
  container.setAttribute("aria-label", data.name)
  host.style.position = "absolute" // takes no room
  letKeyboardScroll(container)
  const formulas = new MutationObserver(() => letKeyboardScroll(container))
  formulas.observe(container, { childList: true, subtree: true })
  return () => formulas.disconnect()
}

function letKeyboardScroll(container) {
  for (const formula of container.querySelectorAll(FORMULA)) formula.tabIndex = 0
}
