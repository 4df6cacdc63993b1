// The page's colours and font, which its theme sets as variables of CSS.

export function themeOf(root) {
  const style = getComputedStyle(root)
  return {
    name: themeName(root),
    background: rgb(style.getPropertyValue("--st-background-color")),
    ink: style.color,
    accent: style.getPropertyValue("--st-primary-color"),
    line: style.getPropertyValue("--st-border-color"),
    font: style.fontFamily,
  }
}

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
