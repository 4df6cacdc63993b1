// Elements that say what they are called.

export function element(tag, className = "", text = "") {
  return Object.assign(document.createElement(tag), { className, textContent: text })
}

export function nameElement(named, name) {
  named.setAttribute("aria-label", name)
  named.title = name
}

export function select(name, choices, chosen) {
  const made = document.createElement("select")
  nameElement(made, name)
  for (const [value, text] of choices) made.add(new Option(text, value, false, value === chosen))
  return made
}
