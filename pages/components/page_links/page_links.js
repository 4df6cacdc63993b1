// Links that are followed without loading the page anew, so that nothing a visitor made is lost.

import { appAddress } from "../player/address.js"

const NARROW = matchMedia("(max-width: 640px)") // where Streamlit hides its own navigation

export default function mountLinks({ data, parentElement, setTriggerValue }) {
  const nav = parentElement.querySelector("nav")
  const host = parentElement.host ?? parentElement
  const place = host.closest("[data-testid=stElementContainer]")
  nav.replaceChildren(...data.pages.map(([path, title]) => link(path, title, path === data.here, () => setTriggerValue("page", path))))
  const fit = () => {
    nav.hidden = !NARROW.matches
    place.style.position = NARROW.matches ? "" : "absolute" // takes no room
  }
  fit()
  NARROW.addEventListener("change", fit)
  return () => NARROW.removeEventListener("change", fit)
}

function link(path, title, isHere, follow) {
  const made = Object.assign(document.createElement("a"), { href: appAddress(path), textContent: title })
  if (isHere) made.setAttribute("aria-current", "page")
  made.onclick = (event) => {
    event.preventDefault()
    if (!isHere) follow()
  }
  return made
}
