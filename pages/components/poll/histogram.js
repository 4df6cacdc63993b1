// What a class has answered, a bar for each choice, beside what the network does.

import { element } from "../player/elements.js"

export function shares(counts) { // of the largest, for the bars, and of all, in words
  const all = counts.reduce((sum, count) => sum + count, 0)
  const most = Math.max(1, ...counts)
  return counts.map((count) => ({ bar: count / most, percent: all ? Math.round((100 * count) / all) : 0 }))
}

export function histogram({ choices, counts, truth, mine }) { // truth, mine: which choice, null for none
  const table = element("table", "histogram")
  table.setAttribute("aria-label", "Answers")
  const parts = shares(counts)
  choices.forEach((choice, k) => {
    const row = table.insertRow()
    if (k === truth) row.className = "true"
    const name = element("th", "", choice)
    name.scope = "row"
    if (k === mine) name.append(element("small", "", "your answer"))
    if (k === truth) name.append(element("small", "", "the network"))
    const bar = element("i")
    bar.style.width = `${100 * parts[k].bar}%`
    const cell = element("td", "bar")
    cell.append(bar)
    row.append(name, cell, element("td", "number", `${counts[k]} · ${parts[k].percent} %`))
  })
  return table
}
