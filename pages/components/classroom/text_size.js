// On a projector Streamlit's text grows with the screen, as the player's does. All of it, and what
// stands around it, is measured by the page's own size of text; the sidebar has pixels of its own.

const GROWN = `@media screen and (min-width: 1600px) {
  html { font-size: clamp(15px, min(.9vw, 1.6vh), 20px); }
  .stSidebar[data-collapsed=false] { min-width: 24.4rem; }
}`
let grows = false

export function growText() { // for as long as the page is open: it would jump between two pages
  if (grows) return
  const style = new CSSStyleSheet()
  style.replaceSync(GROWN)
  document.adoptedStyleSheets.push(style)
  grows = true
}
