// A heatmap painted: a column for h_0 and for each step, unit 0 on top.

import { countAhead, initialColumn } from "./columns.js"

let shrunk // a canvas to keep
const AHEAD_INK = 0.45 // of the states while it goes on by itself
const GAP_FROM = 5 // cells at least this wide, or high, are set apart

export function paintHeatmap({ canvas, track }, viewport, colour, scratch) { // colour: value -> pixel; scratch: a canvas to keep
  const context = canvas.getContext("2d")
  context.clearRect(0, 0, canvas.width, canvas.height)
  if (!track.T && !track.initial.length) return // before the first step there may be h_0
  scratch.width = viewport.visible
  scratch.height = track.H
  scratch.getContext("2d").putImageData(pixelACell(track, viewport, colour), 0, 0)
  spread(context, canvas, scratch)
  clearGaps(context, canvas, viewport, track.H)
}

function pixelACell(track, { first, visible }, colour) {
  const { T, H, values, initial, ahead, shift = 0 } = track
  const image = new ImageData(visible, H)
  const pixels = new Uint32Array(image.data.buffer)
  const start = initialColumn(track)
  for (let column = first; column < first + visible; column++) {
    const isInitial = column === start && initial.length
    const t = column - 1 - shift
    if (!isInitial && t >= T && t < T + countAhead(track)) {
      for (let unit = 0; unit < H; unit++) pixels[unit * visible + column - first] = faint(colour(ahead[(t - T) * H + unit]))
      continue
    }
    if (!isInitial && (t < 0 || t >= T)) continue
    const from = isInitial ? 0 : t * H
    const source = isInitial ? initial : values
    for (let unit = 0; unit < H; unit++) pixels[unit * visible + column - first] = colour(source[from + unit])
  }
  return image
}

function faint(pixel) { return ((pixel & 0xffffff) | (((pixel >>> 24) * AHEAD_INK) << 24)) >>> 0 }

// Units are averaged where there are more than pixels, but steps must not run into each other:
// the picture is shrunk first and widened, without smoothing, afterwards.
function spread(context, canvas, cells) {
  context.imageSmoothingEnabled = false
  if (cells.width <= canvas.width && cells.height <= canvas.height) {
    context.drawImage(cells, 0, 0, canvas.width, canvas.height)
    return
  }
  const small = shrunk ??= document.createElement("canvas")
  small.width = Math.min(canvas.width, cells.width)
  small.height = Math.min(canvas.height, cells.height)
  const shrinking = small.getContext("2d")
  shrinking.imageSmoothingQuality = "high"
  shrinking.drawImage(cells, 0, 0, small.width, small.height)
  context.drawImage(small, 0, 0, canvas.width, canvas.height)
}

function clearGaps(context, canvas, { visible, ratio }, H) {
  const gap = Math.round(ratio)
  const wide = canvas.width / visible
  const high = canvas.height / H
  if (wide >= GAP_FROM * ratio) for (let c = 1; c < visible; c++) context.clearRect(Math.round(c * wide), 0, gap, canvas.height)
  if (high >= GAP_FROM * ratio) for (let u = 1; u < H; u++) context.clearRect(0, Math.round(u * high), canvas.width, gap)
}
