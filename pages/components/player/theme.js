// The page's colours and font, which its theme sets as variables of CSS.

const TEXT = 12 // pixels high on canvases, where the page says nothing else
const ALERTS = ["#b3261e", "#ff9d94"] // what went wrong, on a light and on a dark background

export function themeOf(root) {
  const style = getComputedStyle(root)
  return {
    name: themeName(root),
    background: rgb(style.getPropertyValue("--st-background-color")),
    ink: style.color,
    accent: style.getPropertyValue("--st-primary-color"),
    line: style.getPropertyValue("--st-border-color"),
    font: style.fontFamily,
    text: parseFloat(style.getPropertyValue("--canvas-text")) || TEXT,
  }
}

export function alertOn([r, g, b]) { return r + g + b > 384 ? ALERTS[0] : ALERTS[1] }

export function themeName(root) { // what tells one theme from another
  const style = getComputedStyle(root)
  return style.getPropertyValue("--st-background-color") + style.color
}

function rgb(colour) {
  const context = document.createElement("canvas").getContext("2d")
  context.fillStyle = colour.trim() || "#fff"
  context.fillRect(0, 0, 1, 1)
  return [...context.getImageData(0, 0, 1, 1).data.slice(0, 3)]
}
