// Where things stand inside a row, in pixels, and how high rows are.

import { predictionHeight } from "./prediction_rows.js"

const MARGIN = 5 // above and below a curve
const INK_MARGIN = 6
const PHONE = 420 // narrower than this
const GAP = 6 // between rows
const BESIDE_A_PREDICTION = 50 // its heading, and its line below
const PREDICTION_SAID = 34 // that line, where the prediction is drawn over the input
const LOWEST = 26 // heatmap
const HIGHEST_CELL = 26
const HIGHEST_PRESENTED = 80
const NAMES = 6 // of lines that stand together, at most
export const NAME = 12 // pixels high
const TICKS_APART = 46 // at least
const SOUND = 72 // high, with its bands
const UNITS_APART = 13
const ABOVE_AND_BELOW = 560 // what else a first screen has to hold
const ABOVE_AND_BELOW_A_PEN = 590
const HIGHEST = 900
const LEAST = 150 // of all heatmaps together
const LEAST_WITH_TEXT = 48
const FLAT_TEXT = 30 // high
const UPRIGHT_TEXT = 60
export const WORD = 34 // a column has room for most words from here on
const NARROWEST_UPRIGHT = 12

export function rowHeights(tracks, width, windowHeight, alone, more = 0, below = 0) { // alone: nothing else stands on the page; more: what else the player holds; below: what the page has to show under it
  const heats = tracks.filter((track) => track.type === "heat").length
  const inputs = tracks.filter((track) => track.type === "input").length
  const predictions = tracks.filter((track) => track.type === "prediction").map(predictionHeight)
  const gesture = tracks[0].kind === "gesture" // its pad and ink are tall, and Play must stay in view
  const said = !predictions.length && tracks.some((track) => track.predicted) ? PREDICTION_SAID : 0
  const taken = predictions.reduce((sum, height) => sum + height + BESIDE_A_PREDICTION, more + said)
  const room = alone ? ownRoom(width, windowHeight) - taken : sharedRoom(width, windowHeight, gesture, taken + below, below ? LEAST_WITH_TEXT : LEAST)
  const each = (room - GAP * heats) / Math.max(1, heats)
  const curve = inputs > 1 ? 36 : alone && width >= PHONE ? 80 : 52
  const inputHeights = { audio: sound(tracks[0], curve), gesture: Math.min(88, Math.round(windowHeight * 0.09)) }
  return tracks.map((track) => {
    if (track.height) return track.height
    if (track.type === "prediction") return predictionHeight(track)
    if (track.type === "heat") return Math.round(Math.max(LOWEST, Math.min(track.H * HIGHEST_CELL, each)))
    if (track.kind === "text") return isUpright(track, width / (track.T + 1)) ? UPRIGHT_TEXT : FLAT_TEXT
    return inputHeights[track.kind] ?? Math.max(curve, NAME * namedLines(track))
  })
}

export function namedLines({ kind, I, features = [] }) { // how many lines of a curve are called by their names; x0, x1, … is none
  const named = kind === "curve" && I > 1 && I <= NAMES && features.some((name, i) => name !== `x${i}`)
  return named ? I : 0
}

export function movedApart(places, apart, height) { // the middles of texts, moved so that none covers another; in their order
  const order = places.map((_, k) => k).sort((a, b) => places[a] - places[b])
  const moved = [...places]
  let edge = apart / 2
  for (const k of order) edge = (moved[k] = Math.max(places[k], edge)) + apart
  edge = height - apart / 2
  for (const k of order.reverse()) edge = (moved[k] = Math.min(moved[k], edge)) - apart
  return moved
}

export function holdsWords({ labels, T }) { // and not characters
  return labels.filter((text) => [...text].length > 2).length > T / 4
}

export function isUpright(track, columnWidth) { // words turned by a quarter: side by side there is no room for each
  return holdsWords(track) && columnWidth >= NARROWEST_UPRIGHT && columnWidth < WORD
}

function sound({ I }, curve) { return I > 1 ? Math.max(curve, SOUND) : curve } // a wave and its bands

function sharedRoom(width, windowHeight, gesture, taken, least) { // for all heatmaps together; taken: by predictions
  const left = width < PHONE ? windowHeight * 0.22 : windowHeight - (gesture ? ABOVE_AND_BELOW_A_PEN : ABOVE_AND_BELOW) - taken
  return Math.min(HIGHEST, Math.max(least, left))
}

export function presentedHeights(tracks, heights, room) { // on a projector the heatmaps share all the room that is left
  const heats = tracks.filter((track) => track.type === "heat").length
  const each = room / Math.max(1, heats)
  return tracks.map((track, index) => {
    if (track.type !== "heat") return heights[index]
    return Math.floor(Math.max(LOWEST, Math.min(track.H * HIGHEST_PRESENTED, each)))
  })
}

function ownRoom(width, windowHeight) { return windowHeight * (width < PHONE ? 0.34 : 0.58) }

export function curveY([low, high], height, value) { // low and high: what the curve's row spans
  return height - MARGIN - ((value - low) / (high - low || 1)) * (height - 2 * MARGIN)
}

export function inkPoints({ ink, T }, width, height) { // a gesture in its own shape, in the middle of its row
  const [xs, ys] = [0, 1].map((k) => Array.from({ length: T }, (_, t) => ink[3 * t + k]))
  const [west, east, south, north] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)]
  const room = 2 * INK_MARGIN
  const size = Math.min((height - room) / (north - south || 1e-6), (width - room) / (east - west || 1e-6))
  return xs.map((x, t) => [INK_MARGIN + (x - west) * size, height / 2 - (ys[t] - (south + north) / 2) * size])
}

export function axisTicks({ tracks, T, ahead }, columnWidth) { // which columns get which text below the last heatmap
  if (!T) return []
  const apart = [1, 2, 5, 10, 20, 50, 100, 200, 500].find((steps) => steps * columnWidth >= TICKS_APART) ?? 1000
  const end = tracks.some((track) => track.direction) ? T + 1 : null
  const ticks = []
  if (tracks.some((track) => track.type === "heat" && !track.direction)) ticks.push(["h₀", 0])
  if (end) ticks.push(["h₀", end])
  for (let t = apart; t <= T + (end ? 0 : ahead ?? 0); t += apart) {
    const beside = t * columnWidth <= 20 || (end && (end - t) * columnWidth <= 24) // of an h₀
    if (!beside) ticks.push([String(t), t])
  }
  return ticks
}

export function unitTicks(H, height, apartAtLeast = UNITS_APART) { // which units get their number beside a heatmap
  const apart = [1, 2, 4, 5, 8, 10, 16, 20, 32, 50, 64, 100, 128, 200, 256, 500].find((units) => (units * height) / H >= apartAtLeast) ?? H
  return Array.from({ length: Math.ceil(H / apart) }, (_, k) => k * apart)
}

export function within(middle, half, width) { // the middle of a text, moved so that all of it can be seen
  return Math.max(half, Math.min(width - half, middle))
}
