// One track on the screen: its name, its canvas, and what moves over it with the step.

import { inHeatmap, rowOf } from "./cells.js"
import { columnOf } from "./columns.js"
import { element } from "./elements.js"
import { curveY } from "./geometry.js"
import { paintUnits } from "./units.js"

const SMALLEST_MARK = 5 // pixels
const NARROWEST_PLAYHEAD = 4

export class Row {
  constructor({ type, name, note }) {
    this.element = element("div", `row ${type}`)
    this.element.innerHTML = `<div class="label"></div><div class="stage"><canvas role="img"></canvas>
      <div class="veil"></div><div class="range"></div><div class="playhead"><i></i></div><div class="selected"></div></div>`
    const find = (selector) => this.element.querySelector(selector)
    const label = find(".label")
    label.append(element("span", "", name))
    if (note) label.append(element("small", "", note))
    this.scale = element("small")
    label.append(this.scale)
    this.units = element("canvas", "units")
    this.units.setAttribute("aria-hidden", "true") // a cell that is opened says its unit
    if (type === "heat") label.append(this.units)
    this.stage = find(".stage")
    this.canvas = find(".stage canvas")
    this.canvas.setAttribute("aria-label", `${type === "input" ? "Input sequence" : "Heatmap of"} ${name} ${note}`.trim())
    this.veil = find(".veil")
    this.range = find(".range")
    this.playhead = find(".playhead")
    this.mark = find(".selected")
  }

  take(track) {
    this.track = track
    this.scale.textContent = track.scale ?? ""
  }

  resize(height, { width, ratio }) {
    this.height = height
    this.stage.style.height = `${height}px`
    this.canvas.width = Math.round(width * ratio)
    this.canvas.height = Math.round(height * ratio)
  }

  paintUnits(theme, ratio) {
    paintUnits(this.units, this.track, this.height, theme, ratio)
  }

  move(viewport, step, { T, selected, range }) {
    const { type, kind, direction } = this.track
    const wide = viewport.columnWidth
    const x = viewport.left(columnOf(this.track, step))
    const edge = direction ? Math.max(0, x) : Math.min(viewport.width, x + wide)
    // reverse direction: what is not read yet lies to the left
    this.veil.style.transform = `translateX(${direction ? edge - viewport.width : edge}px)`
    this.playhead.style.transform = `translateX(${type === "input" ? x + wide / 2 - 1 : x}px)`
    this.playhead.style.width = `${Math.max(NARROWEST_PLAYHEAD, wide)}px`
    const pointless = type === "input" && (!step || kind === "text" || kind === "gesture")
    this.playhead.style.display = T && !pointless ? "" : "none"
    this.placeMark(T ? selected : null, x, wide)
    this.placeRange(range, viewport)
    if (type === "input" && T) this.placePoint(step)
  }

  placePoint(step) { // where the input is at this step
    const { kind, I, x, T, range } = this.track
    const point = this.playhead.firstElementChild
    const here = kind === "curve" && step && step <= T
    point.style.display = here ? "block" : "none"
    if (here) point.style.top = `${curveY(range, this.height, x[(step - 1) * I])}px`
  }

  placeMark(cell, x, wide) {
    const { H } = this.track
    const at = cell ? rowOf(this.track, cell.unit) : 0
    const here = cell && inHeatmap(cell, this.track) && at < H
    this.mark.style.display = here ? "block" : "none"
    if (!here) return
    const high = this.height / H
    const tall = Math.max(SMALLEST_MARK, high)
    this.mark.style.transform = `translate(${x}px, ${Math.min(this.height - tall, at * high)}px)`
    this.mark.style.width = `${Math.max(SMALLEST_MARK, wide)}px`
    this.mark.style.height = `${tall}px`
  }

  placeRange(range, viewport) {
    this.range.style.display = range && this.track.T ? "block" : "none"
    if (!range) return
    const [from, to] = range
    this.range.style.transform = `translateX(${viewport.left(from)}px)`
    this.range.style.width = `${viewport.columnWidth * (to - from + 1)}px`
  }
}
