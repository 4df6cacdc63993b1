// The player on a page of its own, which holds the bytes of its frame as base64.

import mount from "./player.js"

const letters = atob(document.querySelector("#frame").textContent)
const data = Uint8Array.from(letters, (letter) => letter.charCodeAt(0))

function show() { mount({ data, parentElement: document, setStateValue: () => {}, alone: true }) }

show()
window.onresize = show // the player sees for itself when its width changes, but not the height

// The player is all there is: its keys work before it has the focus.
document.onkeydown = (event) => {
  const player = document.querySelector(".player")
  if (player.contains(event.target)) return
  if (!player.dispatchEvent(new KeyboardEvent("keydown", event))) event.preventDefault()
}
