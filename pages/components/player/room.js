// A page that opens has text before it has its player, and a press on what stands below would go
// astray when the player pushes it down. So the player's place is as high as the last player was.

const PLACE_OF_PLAYER = ".st-key-player" // Streamlit's class for the key
let heights = null // of players, to a style for the place of the next

export function keepRoom(parent) {
  const place = (parent.host ?? parent).closest(PLACE_OF_PLAYER)
  if (!place) return
  place.style.minHeight = 0 // this one is here
  heights ??= followed()
  heights.observe(place)
}

function followed() {
  const style = new CSSStyleSheet()
  document.adoptedStyleSheets.push(style)
  return new ResizeObserver((places) => {
    for (const { target } of places) {
      if (target.offsetHeight) style.replaceSync(`${PLACE_OF_PLAYER} { min-height: ${target.offsetHeight}px }`)
    }
  })
}
