// What lines, points and words on a canvas are made of.

export function strokeLine(context, from, to) {
  context.beginPath()
  context.moveTo(...from)
  context.lineTo(...to)
  context.stroke()
}

export function fillPoint(context, centre, radius) {
  context.beginPath()
  context.arc(...centre, radius, 0, 7)
  context.fill()
}

export function shortened(context, text, room) {
  if (context.measureText(text).width <= room) return text
  const letters = [...text]
  while (letters.length > 1 && context.measureText(`${letters.join("")}…`).width > room) letters.pop()
  return `${letters.join("")}…`
}

export function wrapped(context, text, room) { // in two lines at most
  if (context.measureText(text).width <= room) return [text]
  const words = text.split(" ")
  let first = words.length
  while (first > 1 && context.measureText(words.slice(0, first).join(" ")).width > room) first--
  return [words.slice(0, first), words.slice(first)].map((part) => shortened(context, part.join(" "), room)).filter(Boolean)
}
