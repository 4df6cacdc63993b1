// One small curve over iterations, with a line to compare it with.

import { strokeLine, wrapped } from "./strokes.js"
import { count } from "./training_text.js"

const FONT_SIZE = 12
const LINE_HEIGHT = 14
const TOP = 8 // pixels above the plot, and below one without numbers
const BELOW = 17 // for the iterations
const HALO = 3
const ROOMY = 100 // pixels high: a lower plot is a strip without words
const GUTTER = 48 // left of the plot, so that all plots begin alike

// shown: {curve, axis: {share, ticks, text}, line: {value, text} or null, iterations, numbered}; numbered: whether
// the iterations stand below it. Gives where the plot is, for the mark that moves over it.
export function paintCurve(canvas, shown, theme, ratio) {
  const { clientWidth: width, clientHeight: height } = canvas
  canvas.width = Math.round(width * ratio)
  canvas.height = Math.round(height * ratio)
  if (!width) return null
  const context = canvas.getContext("2d")
  context.scale(ratio, ratio)
  context.font = `${FONT_SIZE}px ${theme.font}`
  context.textBaseline = "middle"
  const plot = plotOf(context, shown, width, height)
  paintScale(context, shown, plot, theme)
  if (shown.line) paintLine(context, shown, plot, theme)
  paintPoints(context, shown, plot, theme)
  paintLineText(context, shown, plot, theme)
  return plot
}

function plotOf(context, { axis, iterations, numbered, line }, width, height) {
  const roomy = height >= ROOMY
  const wide = Math.max(...axis.ticks.map((tick) => context.measureText(axis.text(tick)).width))
  const [left, right, top, bottom] = [Math.max(GUTTER, Math.ceil(wide) + 8), width - 4, TOP, height - (numbered && roomy ? BELOW : TOP)]
  return {
    left, right, bottom, top, height, lines: line?.text && roomy ? wrapped(context, line.text, right - left) : [],
    x: (iteration) => left + (iteration / Math.max(1, iterations)) * (right - left),
    y: (value) => bottom - axis.share(value) * (bottom - top),
  }
}

function paintScale(context, { axis, iterations, numbered }, { left, right, top, bottom, height, y }, theme) {
  context.fillStyle = theme.ink
  context.strokeStyle = theme.line
  context.lineWidth = 1
  const places = axis.ticks.map((tick) => Math.round(y(tick)) + 0.5)
  const texts = places.map((at) => Math.max(top, Math.min(bottom, at)))
  const readable = readableTexts(texts, FONT_SIZE + 1)
  places.forEach((at, k) => {
    strokeLine(context, [left, at], [right, at])
    if (!readable.includes(k)) return
    context.textAlign = "right"
    context.globalAlpha = 0.8
    context.fillText(axis.text(axis.ticks[k]), left - 6, texts[k])
    context.globalAlpha = 1
  })
  if (!numbered || height < ROOMY) return
  context.globalAlpha = 0.8
  context.textAlign = "left"
  context.fillText("0", left, bottom + BELOW - 7)
  context.textAlign = "right"
  context.fillText(count(iterations), right, bottom + BELOW - 7)
  context.globalAlpha = 1
}

export function readableTexts(places, least) { // which of these, in their order, stand so many pixels from the last one kept
  const kept = []
  places.forEach((place, k) => {
    if (!kept.length || Math.abs(place - places[kept.at(-1)]) >= least) kept.push(k)
  })
  return kept
}

function paintPoints(context, { curve }, { x, y }, theme) {
  context.strokeStyle = theme.accent
  context.lineWidth = 1.75
  context.lineJoin = "round"
  context.beginPath()
  for (const [iteration, value] of curve) context.lineTo(x(iteration), y(value))
  context.stroke()
  if (!curve.length) return
  const [iteration, value] = curve.at(-1)
  context.fillStyle = theme.accent
  context.beginPath()
  context.arc(x(iteration), y(value), 3, 0, 7)
  context.fill()
}

function paintLine(context, { line }, { left, right, y }, theme) {
  context.strokeStyle = theme.ink
  context.lineWidth = 1.5
  context.setLineDash([5, 4])
  strokeLine(context, [left, y(line.value)], [right, y(line.value)])
  context.setLineDash([])
}

export function labelTop(line, tall, bottom, taken) { // on its line, or below it where that is clear of the curve; taken: where the curve is
  const covered = (top) => taken.filter((each) => each >= top && each <= top + tall).length
  const [above, below] = [line - 3 - tall, line + 4]
  return above < 0 || (below + tall <= bottom && covered(below) < covered(above)) ? below : above
}

function paintLineText(context, { line, curve }, { right, bottom, lines, x, y }, theme) {
  if (!lines.length) return
  const from = right - Math.max(...lines.map((text) => context.measureText(text).width)) - 4
  const taken = curve.filter(([iteration]) => x(iteration) >= from).map(([, value]) => y(value))
  const first = labelTop(y(line.value), lines.length * LINE_HEIGHT, bottom, taken)
  context.textAlign = "right"
  context.lineWidth = HALO
  context.lineJoin = "round"
  context.strokeStyle = `rgb(${theme.background.join()})`
  context.fillStyle = theme.ink
  lines.forEach((text, k) => {
    const at = [right, first + (k + 0.5) * LINE_HEIGHT]
    context.strokeText(text, ...at)
    context.fillText(text, ...at)
  })
}
