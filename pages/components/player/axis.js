// The steps below the last heatmap.

import { axisTicks, within } from "./geometry.js"

const ROOM = 4 // above and below the digits

export function paintAxis(canvas, viewport, theme, data) {
  const { width, ratio, columnWidth } = viewport
  const height = theme.text + ROOM
  canvas.width = Math.round(width * ratio)
  canvas.height = Math.round(height * ratio)
  const context = canvas.getContext("2d")
  context.scale(ratio, ratio)
  context.font = `${theme.text}px ${theme.font}`
  context.fillStyle = theme.ink
  context.globalAlpha = 0.7
  context.textAlign = "center"
  context.textBaseline = "middle"
  for (const [text, column] of axisTicks(data, columnWidth)) {
    const half = context.measureText(text).width / 2
    const middle = viewport.left(column) + columnWidth / 2
    if (middle > 0 && middle < width) context.fillText(text, within(middle, half, width), height / 2 + 1)
  }
}
