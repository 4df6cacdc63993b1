// The line above the heatmaps: what is shown, and what its colours mean.

import { haveOwnScales, ramp } from "./colours.js"
import { nameElement } from "./elements.js"
import { endText } from "./numbers.js"

export class Legend {
  constructor(parent, { onScale }) {
    this.find = (selector) => parent.querySelector(selector)
    this.find(".scale").onclick = onScale
  }

  show({ caption, sequential, live, training, tracks }, table, [low, high], fits) { // fits: the scale fits the data
    this.paintRamp(table)
    const own = haveOwnScales(tracks)
    const [least, most] = own ? ["−", "+"] : [low, high].map((end) => endText(end, sequential))
    this.showEnds(least, most, live || training?.iteration)
    const at = caption.lastIndexOf(" · ") // a long name is cut, its number of steps never
    this.find(".name span").textContent = at < 0 ? caption : caption.slice(0, at)
    this.find(".name b").textContent = at < 0 ? "" : caption.slice(at)
    const fixed = sequential ? "0–1" : "±1"
    const scale = this.find(".scale")
    scale.textContent = `colours: ${fits ? "fit" : fixed}`
    scale.hidden = own // there is none to fix
    const now = `Colour scale, ${scale.textContent}, from ${least} to ${most}`
    nameElement(scale, `${now}. Press to ${fits ? "fix it to " + fixed : "fit it to the data"}`)
  }

  // The same colour now means another number: equal pictures on different scales are not equal.
  showEnds(low, high, moving) {
    const texts = `${low} ${high}`
    const isNew = this.texts && this.texts !== texts && !moving // drawing and learning change it all the time
    this.texts = texts
    this.find(".low").textContent = low
    this.find(".high").textContent = high
    for (const end of [this.find(".low"), this.find(".high")]) {
      end.classList.remove("new")
      if (!isNew) continue
      void end.offsetWidth // an animation begins anew only when the page was laid out without it
      end.classList.add("new")
    }
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
