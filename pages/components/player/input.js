// The input sequence painted: curves, words, a wave of sound above its bands, or ink.

import { colourOf } from "./colours.js"
import { countAhead } from "./columns.js"
import { NAME, WORD, curveY, holdsWords, inkPoints, isUpright, movedApart, namedLines, within } from "./geometry.js"
import { fillPoint, shortened, strokeLine } from "./strokes.js"

const MOST_CURVES = 12 // more lines than this are a smear; the heatmap shows the rest's effect
const WAVE_SHARE = 0.42 // of a sound's row
const WAVE_INK = 0.7
const NAME_HALO = 4 // pixels around a name
const DASHES = [5, 4]
const FUTURE_INK = 0.14 // how much of the ink is seen before it is written

export function paintInput(row, viewport, theme, table) { // a gesture is painted with each step, by paintInk
  const { kind, T, wave } = row.track
  const context = row.canvas.getContext("2d")
  context.setTransform(1, 0, 0, 1, 0, 0)
  context.clearRect(0, 0, row.canvas.width, row.canvas.height)
  context.scale(viewport.ratio, viewport.ratio)
  row.veil.style.display = kind === "gesture" ? "none" : ""
  if (!T) return
  if (kind === "text") paintText(context, row, viewport, theme)
  else if (kind === "audio" && wave) paintSound(context, row, viewport, theme, table)
  else if (kind !== "gesture") paintCurves(context, row, viewport, theme)
}

export function paintInk(row, { width }, theme, step, futureHidden) { // what has been written is ink, the rest is faint
  const { ink, T } = row.track
  const context = row.canvas.getContext("2d")
  context.clearRect(0, 0, width, row.height)
  const points = inkPoints(row.track, width, row.height)
  context.lineWidth = 2.5
  context.lineCap = "round"
  context.strokeStyle = theme.ink
  for (let t = 1; t < T; t++) {
    if (ink[3 * (t - 1) + 2] > 0.5) continue // the pen was up
    context.globalAlpha = t < step ? 1 : futureHidden ? 0 : FUTURE_INK
    strokeLine(context, points[t - 1], points[t])
  }
  context.globalAlpha = 1
  context.fillStyle = theme.accent
  if (step > 0 && T) fillPoint(context, points[Math.min(step, T) - 1], 5)
}

function paintText(context, row, viewport, theme) {
  const { T, labels } = row.track
  const wide = viewport.columnWidth
  const words = holdsWords(row.track)
  if (!words && wide < 4.3) return paintCurves(context, row, viewport, theme)
  context.fillStyle = theme.ink
  context.textAlign = "center"
  context.textBaseline = "middle"
  if (isUpright(row.track, wide)) return paintUpright(context, row, viewport, theme)
  const font = (size) => { context.font = `600 ${size}px ui-monospace, monospace` }
  font(20)
  const longest = Math.max(...labels.map((text) => context.measureText(text).width))
  font(Math.min(20, Math.max(words ? 11 : 0.75 * wide, (20 * 0.92 * wide) / longest)))
  const apart = words ? Math.ceil(WORD / wide) : 1 // where there is no room for each word, some stand for all
  forStepsInView(T, viewport, (t) => {
    if ((t - 1) % apart) return
    const text = shortened(context, labels[t - 1], wide * apart * 0.94)
    const half = context.measureText(text).width / 2
    context.fillText(text, within(viewport.left(t) + wide / 2, half, viewport.width), row.height / 2)
  })
}

function paintUpright(context, { track, height }, viewport, theme) { // each word from below to above
  context.font = `600 12px ${theme.font}`
  context.textAlign = "left"
  forStepsInView(track.T, viewport, (t) => {
    context.save()
    context.translate(viewport.left(t) + viewport.columnWidth / 2, height - 3)
    context.rotate(-Math.PI / 2)
    context.fillText(shortened(context, track.labels[t - 1], height - 6), 0, 0)
    context.restore()
  })
}

function forStepsInView(T, { first, visible }, paint) {
  for (let t = Math.max(1, first); t <= Math.min(T, first + visible); t++) paint(t)
}

function paintSound(context, row, viewport, theme, table) { // its bands below it, as a small spectrogram
  const bands = row.track.I > 1
  const high = bands ? WAVE_SHARE * row.height : row.height
  paintWave(context, row.track, high, viewport, theme)
  if (bands) paintBands(context, row, high + 2, viewport, table)
}

function paintWave(context, { wave, T }, height, viewport, theme) { // what stays between lowest and highest sample
  const points = wave.length / 2
  const middle = height / 2
  const wide = Math.max(1, (T / points) * viewport.columnWidth)
  context.fillStyle = theme.ink
  context.globalAlpha = WAVE_INK
  for (let p = 0; p < points; p++) {
    const x = viewport.left(1 + (p / points) * T)
    const [low, high] = [wave[2 * p], wave[2 * p + 1]]
    context.fillRect(x, middle - high * middle * 0.95, wide, Math.max(1, (high - low) * middle * 0.95))
  }
  context.globalAlpha = 1
}

function paintBands(context, { track, height }, top, viewport, table) { // low pitches at the bottom
  const { T, I, x, range } = track
  const { first, visible } = viewport
  const colour = colourOf(table, range[0] < range[1] ? range : [range[0], range[0] + 1], true)
  const image = new ImageData(visible, I)
  const pixels = new Uint32Array(image.data.buffer)
  for (let t = Math.max(1, first); t <= Math.min(T, first + visible - 1); t++) {
    for (let i = 0; i < I; i++) pixels[(I - 1 - i) * visible + t - first] = colour(x[(t - 1) * I + i])
  }
  const small = Object.assign(document.createElement("canvas"), { width: visible, height: I })
  small.getContext("2d").putImageData(image, 0, 0)
  context.imageSmoothingEnabled = false
  context.drawImage(small, 0, top, viewport.width, height - top)
}

function paintCurves(context, row, viewport, theme) {
  const { T, I, x, range, changed, predicted, ahead } = row.track
  const y = (value) => curveY(range, row.height, value)
  const middle = (t) => viewport.left(t + 1) + viewport.columnWidth / 2
  if (range[0] < 0 && range[1] > 0) {
    context.strokeStyle = theme.line
    strokeLine(context, [0, y(0)], [viewport.width, y(0)])
  }
  const count = Math.min(I, MOST_CURVES)
  context.lineJoin = "round"
  context.strokeStyle = theme.ink
  context.lineWidth = count === 1 ? 2 : 1.5
  for (let i = 0; i < count; i++) {
    context.globalAlpha = count === 1 ? 1 : 1 - (0.75 * i) / count
    context.beginPath()
    for (let t = 0; t < T; t++) context.lineTo(middle(t), y(x[t * I + i]))
    if (T === 1) context.arc(middle(0), y(x[i]), 2, 0, 7)
    context.stroke()
  }
  context.globalAlpha = 1
  if (predicted) paintPredicted(context, row.track, theme, y, middle)
  if (ahead) paintAhead(context, row.track, theme, y, middle)
  if (changed) paintChanged(context, row.track, theme, y, middle)
  if (namedLines(row.track)) paintNames(context, row, viewport, theme, y, middle)
}

function paintNames(context, { track, height }, { first, visible }, theme, y, middle) { // where the lines end, as far as they are in view
  const { T, I, x, features } = track
  const t = Math.min(T, first + visible) - 1
  const places = movedApart(features.map((_, i) => y(x[t * I + i])), NAME, height)
  context.font = `600 ${NAME - 1}px ${theme.font}`
  context.textAlign = "right"
  context.textBaseline = "middle"
  context.lineWidth = NAME_HALO
  context.strokeStyle = `rgb(${theme.background.join()})`
  context.fillStyle = theme.ink
  features.forEach((name, i) => {
    context.strokeText(name, middle(t) - NAME_HALO, places[i])
    context.fillText(name, middle(t) - NAME_HALO, places[i])
  })
}

function paintPredicted(context, { T, K, predicted, shift }, theme, y, middle) { // over the step it was predicted for
  context.strokeStyle = context.fillStyle = theme.accent
  context.lineWidth = 2
  for (let k = 0; k < Math.min(K, MOST_CURVES); k++) {
    context.globalAlpha = 1 - (0.6 * k) / K
    context.beginPath()
    for (let t = 0; t < T; t++) context.lineTo(middle(t + shift), y(predicted[t * K + k]))
    context.stroke()
    if (T === 1) fillPoint(context, [middle(shift), y(predicted[k])], 3)
  }
  context.globalAlpha = 1
}

function paintAhead(context, track, theme, y, middle) { // dashed: what it reads of its own answers
  const { T, K, ahead } = track
  context.strokeStyle = theme.accent
  context.lineWidth = 2
  context.setLineDash(DASHES)
  for (let k = 0; k < Math.min(K, MOST_CURVES); k++) {
    context.beginPath()
    for (let t = 0; t < countAhead(track); t++) context.lineTo(middle(T + t), y(ahead[t * K + k]))
    context.stroke()
  }
  context.setLineDash([])
}

function paintChanged(context, { T, I, x, changed }, theme, y, middle) { // what Hands on lets the network read instead
  context.strokeStyle = context.fillStyle = theme.accent
  context.lineWidth = 2
  for (let i = 0; i < I; i++) {
    for (let t = 0; t < T; t++) {
      const [before, after] = [x[t * I + i], changed[t * I + i]]
      if (after === before) continue
      strokeLine(context, [middle(t), y(before)], [middle(t), y(after)])
      fillPoint(context, [middle(t), y(after)], 4)
    }
  }
}
