// What is predicted, in words: of one cell, and of a step.

import { isRanked, likeliest, RANKS } from "./prediction_rows.js"
import { valueText } from "./numbers.js"

const MENTIONED = 3 // classes, of a step; of many as many as have a row, for on a phone the rows have no room for names
const NOTHING = "nothing is predicted before the first input"

export function predictedCell(track, unit, column) { // {where, name, label, what}, as of a heatmap's cell
  const { K, title, kind, names, labels, values, shift } = track
  const t = column - 1 - shift
  const begins = t < 0
  const step = shift ? `step ${column}, after step ${column - shift}` : `step ${begins ? 0 : column}`
  const where = `${title ? title + ", " : ""}prediction, ${begins ? "step 0" : step}`
  if (begins) return { where, what: NOTHING }
  const text = labels[column - 1]
  const label = text === undefined || text === String(column) ? "" : ` (${text})`
  const what = `${names[unit]} = ${withUnit(track, valueText(values[t * K + unit]))}${label}${askedText(track, kind, unit, t)}`
  return { where, name: names[unit], label, what }
}

function askedText(track, kind, unit, t) {
  const { target, names, K } = track
  if (!target) return ""
  const asked = kind === "classes" ? target[t] : target[t * K + unit]
  if (Number.isNaN(asked)) return ""
  return `, asked: ${kind === "classes" ? names[asked] : withUnit(track, valueText(asked))}`
}

export function predictionText(track, step) { // after so many steps
  const { T, K, kind, names, values } = track
  const t = Math.min(step, T) - 1
  if (t < 0) return NOTHING
  const count = isRanked(track) ? RANKS.length : MENTIONED
  if (kind === "classes") return likeliest(track, t, count).map((k) => `${names[k]} ${values[t * K + k].toFixed(2)}`).join(" · ")
  const of = (k) => withUnit(track, valueText(values[t * K + k]))
  const said = K === 1 ? of(0) : names.slice(0, K).map((name, k) => `${name} ${of(k)}`).join(" · ")
  return said + whenText(track, t)
}

function withUnit({ unit }, text) { return unit ? `${text} ${unit}` : text }

function whenText({ shift, labels }, t) { // the step an answer belongs to, where it is called by more than its number
  if (!shift || !labels || labels[t] === String(t + 1)) return ""
  return labels[t + shift] === undefined ? `, for what comes after ${labels[t]}` : `, for ${labels[t + shift]}`
}

export function predictionLines(tracks, step) { // a line for each run
  const predictions = tracks.flatMap((track) => track.predicted ? drawnOver(track) : track)
  return predictions.filter(({ type }) => type === "prediction").map((track) => `${track.title ? track.title + ": " : ""}${predictionText(track, step)}`)
}

export function recognisedText({ T, tracks, training }) { // what a trained network takes the whole sequence for
  const track = training?.iteration && T && tracks.find(({ type, kind }) => type === "prediction" && kind === "classes")
  if (!track) return ""
  const [k] = likeliest(track, track.T - 1, 1)
  return `It takes this for ${track.names[k]}, ${track.values[(track.T - 1) * track.K + k].toFixed(2)}`
}

function drawnOver({ T, K, features, predicted, predicted_before: before }) { // predictions that are a line over the input, or were one before Hands on
  const prediction = (values, title) => ({ type: "prediction", kind: "values", title, T, K, names: features, values })
  return before ? [prediction(before, ""), prediction(predicted, "changed")] : [prediction(predicted, "")]
}
