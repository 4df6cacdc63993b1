// The styles of classroom.css need no element: theirs takes no room. On paper stands where the page
// is, as the browser has it when it prints.

import { growText } from "./text_size.js"

const LONGEST = 300 // characters that somebody would type
const SCROLLED = 8 // pixels from the top, where the page would reach the controls
let screen = null // shown last
let forget = null // what was listened to for it

export default function mount({ data, parentElement }) {
  growText()
  const host = parentElement.host ?? parentElement
  host.closest("[data-testid=stElementContainer]").style.position = "absolute"
  const header = document.querySelector(".stAppHeader")
  if (header) header.style.display = data.embedded ? "none" : "" // a frame of somebody's page is no way to other pages
  const page = document.querySelector("[data-testid=stMain]")
  if (screen !== null && screen !== data.screen) page?.scrollTo(0, 0)
  screen = data.screen
  forget?.()
  forget = listen(page)
  return forget
}

function listen(page) {
  const write = () => {
    const place = [...document.querySelectorAll(".st-key-handout p")].at(-1)
    const { href, origin, pathname } = location
    if (place) place.textContent = href.length <= LONGEST ? href : origin + pathname
  }
  const scrolled = () => document.documentElement.toggleAttribute("data-scrolled", page?.scrollTop > SCROLLED)
  addEventListener("beforeprint", write)
  page?.addEventListener("scroll", scrolled)
  scrolled()
  return () => {
    removeEventListener("beforeprint", write)
    page?.removeEventListener("scroll", scrolled)
  }
}
