// One track on the screen: its name, its canvas, and what moves over it with the step.

import { countUnits, inHeatmap, rowOf } from "./cells.js"
import { columnOf } from "./columns.js"
import { element } from "./elements.js"
import { curveY } from "./geometry.js"
import { endText } from "./numbers.js"
import { paintRowNames } from "./prediction.js"
import { answersText, isAlone, rowNames, rowOfUnit, valueY } from "./prediction_rows.js"
import { paintUnits } from "./units.js"

const SMALLEST_MARK = 5 // pixels
const NARROWEST_PLAYHEAD = 4

export class Row {
  constructor(track) {
    const { type, name } = track
    this.element = element("div", `row ${type} ${isLine(track) ? "line" : ""}`)
    this.element.innerHTML = `<div class="label"></div><div class="stage"><canvas role="img"></canvas>
      <div class="veil"></div><div class="range"></div><div class="playhead"><i></i></div><div class="selected"></div></div>`
    const find = (selector) => this.element.querySelector(selector)
    const label = find(".label")
    const note = type === "prediction" && isAlone(track) ? track.note || track.names[0] : track.note
    if (type === "prediction" && !isAlone(track)) this.element.prepend(heading(track))
    else {
      label.append(element("span", "", name))
      if (note) label.append(element("small", "", note))
    }
    this.scale = element("small")
    label.append(this.scale)
    this.units = element("canvas", "units")
    this.units.setAttribute("aria-hidden", "true") // a cell that is opened says its unit
    if (type === "heat" || (type === "prediction" && !isAlone(track))) label.append(this.units)
    this.stage = find(".stage")
    this.canvas = find(".stage canvas")
    this.canvas.setAttribute("aria-label", pictureName(track))
    this.veil = find(".veil")
    this.range = find(".range")
    this.playhead = find(".playhead")
    this.mark = find(".selected")
  }

  take(track) {
    this.track = track
    this.scale.textContent = track.type === "prediction" ? rangeText(track) : track.scale ?? ""
  }

  resize(height, { width, ratio }) {
    this.height = height
    this.stage.style.height = `${height}px`
    this.units.style.height = `${height}px` // the name beside a low heatmap may be higher
    this.canvas.width = Math.round(width * ratio)
    this.canvas.height = Math.round(height * ratio)
  }

  paintNames(theme, ratio) { // beside the cells: units' numbers, or what is predicted
    if (this.track.type === "heat") paintUnits(this.units, this.track, this.height, theme, ratio)
    else if (this.track.type === "prediction" && !isAlone(this.track)) paintRowNames(this.units, this.track, this.height, theme, ratio)
  }

  move(viewport, step, { T, selected, range }) {
    const { type, kind, direction } = this.track
    const wide = viewport.columnWidth
    const x = viewport.left(columnOf(this.track, step))
    const ended = step >= this.track.T // what is predicted, or gone on with, is no secret any more
    const edge = direction ? Math.max(0, x) : ended ? viewport.width : Math.min(viewport.width, x + wide)
    // reverse direction: what is not read yet lies to the left
    this.veil.style.transform = `translateX(${direction ? edge - viewport.width : edge}px)`
    this.playhead.style.transform = `translateX(${isLine(this.track) ? x + wide / 2 - 1 : x}px)`
    this.playhead.style.width = `${Math.max(NARROWEST_PLAYHEAD, wide)}px`
    const pointless = (type === "input" && (kind === "text" || kind === "gesture")) || (type !== "heat" && !step)
    this.playhead.style.display = T && !pointless ? "" : "none"
    this.placeMark(T ? selected : null, x, wide, step)
    this.placeRange(range, viewport)
    if (T) this.placePoint(step)
  }

  placePoint(step) { // where a curve is at this step
    const { type, kind, I, K, x, values, T, range } = this.track
    const point = this.playhead.firstElementChild
    const here = (kind === "curve" || (type === "prediction" && isAlone(this.track))) && step && step <= T
    point.style.display = here ? "block" : "none"
    if (!here) return
    const y = type === "input" ? curveY(range, this.height, x[(step - 1) * I]) : valueY(this.track, this.height, 0, values[(step - 1) * K])
    point.style.top = `${y}px`
  }

  placeMark(cell, x, wide, step) {
    const inside = cell && inHeatmap(cell, this.track)
    const { type } = this.track
    const count = type === "prediction" ? rowNames(this.track).length : countUnits(this.track)
    const at = !inside ? -1 : type === "prediction" ? rowOfUnit(this.track, cell.unit, step - 1) : rowOf(this.track, cell.unit)
    const here = at >= 0 && at < count
    this.mark.style.display = here ? "block" : "none"
    if (!here) return
    const high = this.height / count
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

function rangeText(track) { // what the row spans from bottom to top
  if (!isAlone(track)) return ""
  return track.range.map((end) => endText(end, true)).join(" to ")
}

function isLine({ type, kind }) { return type === "input" || kind === "values" }

function heading(track) { // above the rows of a prediction: beside them stand their names
  const made = element("div", "heading")
  made.append(element("span", "label", track.name), element("small", "", [track.note, answersText(track)].filter(Boolean).join(" · ")))
  return made
}

function pictureName({ type, name, note, title, answers, names }) {
  if (type === "prediction") return `Prediction${title ? " of " + title : ""}: ${answers || rowsInWords(names)}`
  return `${type === "input" ? "Input sequence" : "Heatmap of"} ${name} ${note}`.trim()
}

function rowsInWords(names) {
  return names.length > 8 ? `${names.length} classes` : names.join(", ")
}
