// The styles of classroom.css need no element: theirs takes no room. On paper stands where the page
// is, as the browser has it when it prints.

const LONGEST = 300 // characters that somebody would type

export default function ({ data, parentElement }) {
  const host = parentElement.host ?? parentElement
  host.closest("[data-testid=stElementContainer]").style.position = "absolute"
  const header = document.querySelector(".stAppHeader")
  if (header) header.style.display = data.embedded ? "none" : "" // a frame of somebody's page is no way to other pages
  const write = () => {
    const place = document.querySelector(".st-key-handout_link p")
    const { href, origin, pathname } = location
    if (place) place.textContent = href.length <= LONGEST ? href : origin + pathname
  }
  addEventListener("beforeprint", write)
  return () => removeEventListener("beforeprint", write)
}
