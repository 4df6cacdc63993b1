// The numbers of the units beside a heatmap, as in h[..., 7].

import { unitOf } from "./cells.js"
import { unitTicks } from "./geometry.js"

const BESIDE = 2 // right of the digits

export function paintUnits(canvas, track, height, theme, ratio) {
  const H = track.T ? track.H : 0
  const width = canvas.clientWidth
  const { text: size } = theme
  canvas.width = Math.round(width * ratio)
  canvas.height = Math.round(height * ratio)
  if (!H) return
  const context = canvas.getContext("2d")
  context.scale(ratio, ratio)
  context.font = `${size}px ${theme.font}`
  context.fillStyle = theme.ink
  context.globalAlpha = 0.75
  context.textAlign = "right"
  context.textBaseline = "middle"
  let above = -size
  for (const row of unitTicks(H, height, size + 3)) {
    const middle = Math.max(size / 2, Math.min(height - size / 2, ((row + 0.5) / H) * height))
    if (middle - above < size) continue // moved into a low heatmap they would meet
    context.fillText(String(unitOf(track, row)), width - BESIDE, middle, width - BESIDE)
    above = middle
  }
}
