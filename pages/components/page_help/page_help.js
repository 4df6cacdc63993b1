// Two buttons in the page's header and the window they open. The words are fetched with the first
// press, so that a first visit is no larger for them.

const KEY = "seqviz.explained" // pages whose explanation was closed
const CROWDED = matchMedia("(min-width: 641px) and (max-width: 1120px)")
const closed = new Set(read())

export default function ({ data, parentElement }) {
  const host = parentElement.host ?? parentElement
  const place = host.closest("[data-testid=stElementContainer]")
  const nav = parentElement.querySelector("nav")
  const dialog = parentElement.querySelector("dialog")
  const fit = () => { // in between the header is full of pages
    const below = CROWDED.matches || !document.querySelector("[data-testid=stHeader]")
    nav.classList.toggle("below", below)
    place.style.position = below ? "" : "absolute" // takes no room
  }
  const show = () => {
    const buttons = []
    if (data.about && !closed.has(data.page)) buttons.push(button(data.says.looking, () => explain(dialog, data, show)))
    buttons.push(button(data.says.glossary, () => list(dialog, data)))
    nav.replaceChildren(...buttons)
  }
  show()
  fit()
  CROWDED.addEventListener("change", fit)
  return () => CROWDED.removeEventListener("change", fit)
}

function explain(dialog, { about, says, page }, show) {
  fill(dialog, says.looking, [made("p", about)], says.got_it)
  dialog.onclose = () => {
    closed.add(page)
    keep()
    show()
  }
  dialog.showModal()
}

async function list(dialog, { words, address, says }) {
  dialog.onclose = null
  fill(dialog, says.glossary, [made("p", says.glossary_about)], says.close)
  dialog.showModal()
  const theme = isDark(dialog) ? "dark" : "light"
  const known = await (await fetch(appAddress(address.replace("{theme}", theme)))).json()
  const all = made("dl")
  for (const name of words) all.append(...entry(known[name]))
  dialog.querySelector(".body").append(all)
}

function entry({ word, means, code, picture }) {
  const about = made("dd", means)
  about.append(made("code", code))
  const image = made("img")
  image.src = `data:image/svg+xml,${encodeURIComponent(picture)}`
  image.alt = "" // the words say it
  about.prepend(image)
  return [made("dt", word), about]
}

function fill(dialog, title, content, close) {
  const body = made("div", "", "body")
  body.tabIndex = 0 // a keyboard scrolls it
  body.append(...content)
  dialog.setAttribute("aria-label", title)
  dialog.replaceChildren(made("h2", title), body, button(close, () => dialog.close()))
  dialog.onclick = (event) => event.target === dialog && dialog.close() // beside it
}

function button(text, press) {
  const it = made("button", text)
  it.type = "button"
  it.onclick = press
  return it
}

function made(tag, text = "", name = "") {
  return Object.assign(document.createElement(tag), { textContent: text, className: name })
}

function isDark(element) {
  const [r, g, b] = getComputedStyle(element).backgroundColor.match(/\d+/g).map(Number)
  return r + g + b < 384
}

function read() {
  try {
    const pages = JSON.parse(localStorage.getItem(KEY))
    return Array.isArray(pages) ? pages : []
  } catch {
    return [] // no storage, or something else in it
  }
}

function keep() {
  try {
    localStorage.setItem(KEY, JSON.stringify([...closed]))
  } catch { } // until the page is loaded again
}
