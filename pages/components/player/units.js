// The numbers of the units beside a heatmap, as in h[..., 7].

import { unitOf } from "./cells.js"
import { unitTicks } from "./geometry.js"

const SIZE = 12 // of the digits
const WIDTH = 22

export function paintUnits(canvas, track, height, theme, ratio) {
  const H = track.T ? track.H : 0
  canvas.width = Math.round(WIDTH * ratio)
  canvas.height = Math.round(height * ratio)
  if (!H) return
  const context = canvas.getContext("2d")
  context.scale(ratio, ratio)
  context.font = `${SIZE}px ${theme.font}`
  context.fillStyle = theme.ink
  context.globalAlpha = 0.75
  context.textAlign = "right"
  context.textBaseline = "middle"
  for (const row of unitTicks(H, height)) {
    const middle = ((row + 0.5) / H) * height
    context.fillText(String(unitOf(track, row)), WIDTH - 2, Math.max(SIZE / 2, Math.min(height - SIZE / 2, middle)), WIDTH - 2)
  }
}
