// A prediction painted: cells for classes, curves for values, and beside them what was asked.

import { colourOf } from "./colours.js"
import { paintHeatmap } from "./heatmap.js"
import { isRanked, laneRange, ranks, rowNames, valueY } from "./prediction_rows.js"
import { shortened, strokeLine } from "./strokes.js"

const NO_INITIAL = new Float32Array(0)
const FREE = 0.62 // of the background over steps at which nothing is asked yet
const FREE_LINE = 0.45
const NARROWEST_SYMBOL = 11 // pixels of a column
const SYMBOL = 12 // pixels high
const UNLIKELY = 0.02 // such symbols stand back

export function paintPrediction(row, viewport, theme, table, scratch) {
  if (row.track.kind === "classes") paintClasses(row, viewport, theme, table, scratch)
  else paintValues(row, viewport, theme)
}

export function paintRowNames(canvas, track, height, theme, ratio) {
  const names = track.T ? rowNames(track) : []
  const width = canvas.clientWidth
  canvas.width = Math.round(width * ratio)
  canvas.height = Math.round(height * ratio)
  const context = canvas.getContext("2d")
  context.scale(ratio, ratio)
  context.font = `${theme.text}px ${theme.font}`
  context.fillStyle = theme.ink
  context.textAlign = "right"
  context.textBaseline = "middle"
  names.forEach((name, k) => context.fillText(shortened(context, name, width - 4), width - 4, ((k + 0.5) / names.length) * height))
}

// ---- classes ----------------------------------------------------------------------------------

function paintClasses(row, viewport, theme, table, scratch) {
  const { track, canvas } = row
  const H = rowNames(track).length
  const values = isRanked(track) ? ranks(track).values : track.values
  const colour = colourOf(table, [0, 1], true)
  const context = canvas.getContext("2d")
  context.setTransform(1, 0, 0, 1, 0, 0)
  context.globalAlpha = 1
  paintHeatmap({ canvas, track: { ...track, H, values, initial: NO_INITIAL } }, viewport, colour, scratch)
  context.scale(viewport.ratio, viewport.ratio)
  veilFree(context, row, viewport, theme)
  if (isRanked(track) && viewport.columnWidth >= NARROWEST_SYMBOL) paintSymbols(context, row, viewport, theme, colour)
  if (track.target) paintTargets(context, row, viewport, theme)
}

function veilFree(context, { track, height }, viewport, theme) {
  const [from, to] = [viewport.left(1 + track.shift), viewport.left(1 + track.shift + track.first)]
  context.fillStyle = `rgb(${theme.background.join()})`
  context.globalAlpha = FREE
  if (to > from) context.fillRect(from, 0, to - from, height)
  context.globalAlpha = 1
}

function inView({ T, shift }, { first, visible }, paint) { // paint(t, column) for each step that can be seen
  for (let column = Math.max(1 + shift, first); column <= Math.min(T + shift, first + visible); column++) paint(column - 1 - shift, column)
}

function paintSymbols(context, { track, height }, viewport, theme, colour) {
  const { classes, values } = ranks(track)
  const count = rowNames(track).length
  const { columnWidth: wide } = viewport
  context.font = `600 ${SYMBOL}px ${theme.font}`
  context.textAlign = "center"
  context.textBaseline = "middle"
  inView(track, viewport, (t, column) => {
    for (let rank = 0; rank < count; rank++) {
      const name = track.names[classes[t * count + rank]]
      const text = shortened(context, name, wide - 2)
      if (text !== name && [...text].length < 3) continue // half a symbol says nothing
      context.fillStyle = inkOn(t < track.first ? theme.background : channels(colour(values[t * count + rank])))
      context.globalAlpha = values[t * count + rank] < UNLIKELY ? 0.5 : 1
      context.fillText(text, viewport.left(column) + wide / 2, ((rank + 0.5) / count) * height)
    }
  })
  context.globalAlpha = 1
}

function paintTargets(context, row, viewport, theme) { // an outline where the cell has room for one, else a line
  const { track, height } = row
  const H = rowNames(track).length
  const [wide, high] = [viewport.columnWidth, height / H]
  inView(track, viewport, (t, column) => {
    const unit = track.target[t]
    const at = Number.isNaN(unit) ? -1 : isRanked(track) ? ranks(track).classes.subarray(t * H, t * H + H).indexOf(unit) : unit
    if (at < 0) return
    const left = viewport.left(column)
    if (wide < 7) {
      context.fillStyle = theme.ink
      context.fillRect(left, at * high + high / 2 - 1.5, Math.max(1, wide), 3)
      return
    }
    outline(context, [left + 1.5, at * high + 1.5, wide - 3, high - 3], theme)
  })
}

function outline(context, [x, y, width, height], theme) { // in ink, set off from any colour of a cell
  context.strokeStyle = `rgb(${theme.background.join()})`
  context.lineWidth = 1
  context.strokeRect(x + 1.5, y + 1.5, width - 3, height - 3)
  context.strokeStyle = theme.ink
  context.lineWidth = 2
  context.strokeRect(x, y, width, height)
}

function channels(pixel) { return [pixel & 255, (pixel >> 8) & 255, (pixel >> 16) & 255] }

export function inkOn(colour) { // black or white, whichever has more contrast
  const [r, g, b] = colour.map((c) => (c / 255 <= 0.03928 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4))
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.179 ? "#000" : "#fff"
}

// ---- values -----------------------------------------------------------------------------------

function paintValues(row, viewport, theme) {
  const { track, canvas } = row
  const context = canvas.getContext("2d")
  context.setTransform(1, 0, 0, 1, 0, 0)
  context.clearRect(0, 0, canvas.width, canvas.height)
  if (!track.T) return
  context.scale(viewport.ratio, viewport.ratio)
  context.lineJoin = "round"
  rowNames(track).forEach((_, k) => {
    paintLaneEnds(context, row, viewport, theme, k)
    if (track.target) paintAsked(context, row, viewport, theme, k)
    paintAnswer(context, row, viewport, theme, k)
  })
}

function paintLaneEnds(context, { track, height }, viewport, theme, k) { // 0, where the values have both signs
  const [low, high] = laneRange(track, k)
  if (low >= 0 || high <= 0) return
  context.strokeStyle = theme.line
  context.lineWidth = 1
  const y = valueY(track, height, k, 0)
  strokeLine(context, [0, y], [viewport.width, y])
}

function paintAnswer(context, { track, height }, viewport, theme, k) {
  const { T, K, values, shift, first } = track
  const point = (t) => [viewport.left(t + 1 + shift) + viewport.columnWidth / 2, valueY(track, height, k, values[t * K + k])]
  context.strokeStyle = context.fillStyle = theme.accent
  context.lineWidth = 2
  const freeUntil = Math.min(first, T - 1)
  for (const [from, to, ink] of [[0, freeUntil, FREE_LINE], [freeUntil, T - 1, 1]]) {
    context.globalAlpha = ink
    context.beginPath()
    for (let t = from; t <= to; t++) context.lineTo(...point(t))
    context.stroke()
  }
  if (freeUntil === T - 1) context.fillRect(point(T - 1)[0] - 2, point(T - 1)[1] - 2, 4, 4) // the only one that is asked
}

function paintAsked(context, { track, height }, viewport, theme, k) { // a target of one step is drawn across, to compare with
  const { T, K, target, shift } = track
  const asked = Array.from({ length: T }, (_, t) => t).filter((t) => !Number.isNaN(target[t * K + k]))
  const middle = (t) => viewport.left(t + 1 + shift) + viewport.columnWidth / 2
  const y = (t) => valueY(track, height, k, target[t * K + k])
  context.strokeStyle = theme.ink
  context.lineWidth = 1.5
  context.globalAlpha = 0.75
  context.setLineDash([5, 4])
  context.beginPath()
  if (asked.length === 1) {
    context.moveTo(0, y(asked[0]))
    context.lineTo(viewport.width, y(asked[0]))
  } else {
    asked.forEach((t, n) => (n && asked[n - 1] === t - 1 ? context.lineTo(middle(t), y(t)) : context.moveTo(middle(t), y(t))))
  }
  context.stroke()
  context.setLineDash([])
  context.globalAlpha = 1
}
