// What is said of a cell, an input and a step: the tip, the readout below and the slider's text.

import { hasUnit, inHeatmap, rowOf } from "./cells.js"
import { columnOf, countAhead, initialColumn, stepOf } from "./columns.js"
import { valueText } from "./numbers.js"
import { isRanked } from "./prediction_rows.js"
import { predictedCell, predictionText } from "./prediction_text.js"

export function cellText({ tracks, T }, cell, step) { // "" without such a cell
  const track = cell && T && tracks.find((each) => inHeatmap(cell, each))
  if (!track || !hasUnit(track, cell.unit)) return ""
  const { where, what } = valueAt(track, cell.unit, columnOf(track, step))
  return `${where}: ${what}`
}

// with how the value came about: said of one step only, for which `opened` came
export function openText(data, cell, step) {
  const { tracks, opened } = data
  const track = opened && cell && isOpen(opened.cell, cell) && tracks.find((each) => inHeatmap(cell, each))
  const column = track && columnOf(track, step)
  if (!track || (track.type === "prediction" ? stepOf(track, column) : column) !== opened.step) return cellText(data, cell, step)
  const { where, name, label } = valueAt(track, cell.unit, column)
  return `${where}${label}: ${name} = ${opened.text}`
}

function isOpen(opened, cell) {
  return inHeatmap(opened, cell) && opened.unit === cell.unit
}

export function tipText(track, unit, column) {
  if (track.type !== "input") {
    const { where, what } = valueAt(track, unit, column)
    return isRanked(track) ? `${predictionText(track, stepOf(track, column))} · ${where}` : `${what} · ${where}`
  }
  if (!column) return "before the first input"
  if (column > track.T && column <= track.T + countAhead(track)) return `step ${column}, its own answer read: ${inputText({ ...track, x: track.ahead }, column - track.T - 1)}`
  const text = column > track.T ? "after the last input" : `step ${column}${labelText(track.labels[column - 1], column)}: ${inputText(track, column - 1)}`
  return text + predictedInput(track, column - 1 - track.shift)
}

export function stepText(step, T, labels) {
  return `step ${step} of ${T}, ${step ? labels[step - 1] ?? "" : "before the first input"}`
}

function valueAt(track, unit, column) {
  if (track.type === "prediction") return predictedCell(track, unit, column)
  const { T, H, labels, values, initial, ahead, layer, direction, title, quantity } = track
  const begins = column === initialColumn(track)
  const place = `${title ? title + ", " : ""}layer ${layer + 1}${direction ? " reverse" : ""}`
  const own = !begins && !direction && column > T
  const where = `${place}, unit ${unit}, step ${begins ? 0 : column}${own ? ", by itself" : ""}`
  if (begins && !initial.length) return { where, what: `no ${quantity} before the first step` }
  const row = rowOf(track, unit)
  const value = begins ? initial[row] : own ? ahead[(column - T - 1) * H + row] : values[(column - 1) * H + row]
  const label = begins || own ? "" : labelText(labels[column - 1], column)
  const name = `${quantity}${begins ? "_0" : ""}`
  return { where, name, label, what: `${name} = ${valueText(value)}${label}` }
}

function predictedInput({ predicted, K, features }, t) { // what was predicted for this step, at step t
  if (!predicted || t < 0) return ""
  const texts = Array.from({ length: Math.min(K, 3) }, (_, k) => `${K > 1 ? features[k] + " = " : ""}${valueText(predicted[t * K + k])}`)
  return ` · predicted: ${texts.join(", ")}`
}

function labelText(label, step) { return label === String(step) ? "" : ` (${label})` }

function inputText({ x, I, features, more = 0 }, t) {
  const row = x.subarray(t * I, t * I + I)
  const count = I <= 6 ? I : 3
  const hot = I > 3 ? row.indexOf(1) : -1
  if (hot >= 0) return `${features[hot]} = 1`
  const texts = Array.from({ length: count }, (_, i) => `${features[i]} = ${valueText(row[i])}`)
  const left = I - count + more
  return texts.join(", ") + (left ? `, and ${left} more` : "")
}
