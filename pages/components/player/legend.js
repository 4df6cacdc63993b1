// The line above the heatmaps: what is shown, and what its colours mean.

import { ramp } from "./colours.js"
import { nameElement } from "./elements.js"
import { endText } from "./numbers.js"

export class Legend {
  constructor(parent, { onScale }) {
    this.find = (selector) => parent.querySelector(selector)
    this.find(".scale").onclick = onScale
  }

  show({ caption, sequential }, table, [low, high], fits) { // fits: the scale fits the data
    this.paintRamp(table)
    this.find(".low").textContent = endText(low, sequential)
    this.find(".high").textContent = endText(high, sequential)
    const at = caption.lastIndexOf(" · ") // a long name is cut, its number of steps never
    this.find(".name span").textContent = at < 0 ? caption : caption.slice(0, at)
    this.find(".name b").textContent = at < 0 ? "" : caption.slice(at)
    const fixed = sequential ? "0–1" : "±1"
    const scale = this.find(".scale")
    scale.textContent = fits ? "scale fit" : `scale ${fixed}`
    nameElement(scale, fits ? `Colour scale fits the data: fix it to ${fixed}` : `Colour scale fixed to ${fixed}: fit it to the data`)
  }

  paintRamp(table) {
    const canvas = this.find("canvas")
    const context = canvas.getContext("2d")
    const image = context.createImageData(canvas.width, canvas.height)
    const pixels = new Uint32Array(image.data.buffer)
    const line = ramp(table, canvas.width)
    for (let y = 0; y < canvas.height; y++) pixels.set(line, y * canvas.width)
    context.putImageData(image, 0, 0)
  }
}
