// What people set the player with: buttons, the slider, and the options above the heatmaps.

import { element, nameElement, select } from "./elements.js"

const ICONS = {
  "First step": "M3 2h2v12H3zM13 2v12L6 8z",
  "Step back": "M10.5 2l1.5 1.5L7.5 8l4.5 4.5-1.5 1.5-6-6z",
  Play: "M4 2l9 6-9 6z",
  Pause: "M4 2h3v12H4zM9 2h3v12H9z",
  "Step forward": "M5.5 2L4 3.5 8.5 8 4 12.5 5.5 14l6-6z",
  "Last step": "M3 2v12l7-6zM11 2h2v12h-2z",
}
const SPEEDS = [0.1, 0.25, 0.5, 1, 2, 4]
const ZOOMS = [1, 2, 4, 8, 16]

export class Controls { // below the heatmaps
  constructor(parent, { onStep, onToggle }) { // onStep(from): from(step, T) is the step to go to
    const steps = {
      "First step": () => 0,
      "Step back": (step) => step - 1,
      Play: null,
      "Step forward": (step) => step + 1,
      "Last step": (_, T) => T,
    }
    for (const [name, from] of Object.entries(steps)) {
      const button = element("button", from ? "" : "play")
      button.type = "button"
      button.onclick = from ? () => onStep(from) : onToggle
      parent.append(button)
      showIcon(button, name)
      if (!from) this.play = button
    }
    this.slider = Object.assign(element("input"), { type: "range", min: 0, step: 1 })
    this.slider.setAttribute("aria-label", "Time step")
    this.slider.oninput = () => onStep(() => Number(this.slider.value))
    this.where = element("span", "where")
    parent.append(this.slider, this.where)
  }

  showPlaying(playing) { showIcon(this.play, playing ? "Pause" : "Play") }

  showStep(step, T, text) {
    this.slider.value = step
    this.slider.setAttribute("aria-valuenow", step)
    this.slider.setAttribute("aria-valuetext", text)
    this.where.textContent = `${step} / ${T}`
  }
}

export class Options { // above the heatmaps: speed, loop, future and zoom of a look
  constructor(parent, onChange) { // onChange({ speed: "2" })
    this.fields = {
      speed: select("Speed", SPEEDS.map((s) => [s, `${s}×`]), 1),
      loop: Object.assign(element("input"), { type: "checkbox" }),
      future: select("Future", [["faint", "future faint"], ["hidden", "future hidden"]], "faint"),
      zoom: select("Zoom", ZOOMS.map((z) => [z, `zoom ${z}×`]), 1),
    }
    const loopLabel = element("label")
    loopLabel.append(this.fields.loop, "Loop")
    parent.append(this.fields.speed, loopLabel, this.fields.future, this.fields.zoom)
    for (const [name, field] of Object.entries(this.fields)) {
      field.onchange = () => onChange({ [name]: field.type === "checkbox" ? field.checked : field.value })
    }
  }

  show(look) {
    for (const [name, field] of Object.entries(this.fields)) {
      if (field.type === "checkbox") field.checked = look[name]
      else field.value = look[name]
    }
  }
}

function showIcon(button, name) {
  nameElement(button, name)
  button.innerHTML = `<svg viewBox="0 0 16 16" aria-hidden="true"><path d="${ICONS[name]}"/></svg>`
}
