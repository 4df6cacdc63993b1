// The player: paints tracks once and plays them in the browser, with no rerun per step. Its data is
// a frame's bytes, see decode.js.

import { paintAxis } from "./axis.js"
import { cellBeside } from "./cells.js"
import { PlayerChannel } from "./channel.js"
import { colourOf, colourTable, paletteOn, scaleEnds } from "./colours.js"
import { countColumns, Viewport } from "./columns.js"
import { Controls, Options } from "./controls.js"
import { decode } from "./decode.js"
import { element } from "./elements.js"
import { rowHeights } from "./geometry.js"
import { paintHeatmap } from "./heatmap.js"
import { paintInk, paintInput } from "./input.js"
import { actionOf } from "./keys.js"
import { Legend } from "./legend.js"
import { Playback } from "./playback.js"
import { Pointer } from "./pointer.js"
import { openText, stepText } from "./readout.js"
import { Row } from "./row.js"
import { themeName, themeOf } from "./theme.js"

// How it plays and what its colours mean. Gates are read as shares, so from 0 to 1 at first.
const FIRST_LOOK = { speed: "1", loop: false, future: "faint", zoom: "1", scale: "fit", gate_scale: "whole" }
const players = new WeakMap()

// alone: nothing else stands on the page, so the heatmaps may have its height
export default function mount({ data, parentElement, setStateValue, alone = false }) {
  let player = players.get(parentElement)
  if (!player) {
    player = new Player(parentElement.querySelector(".player"), alone)
    players.set(parentElement, player)
  }
  player.emit = (view) => setStateValue("view", view)
  if (data) player.take(data)
  return () => {
    player.close()
    players.delete(parentElement)
  }
}

class Player {
  constructor(root, alone) {
    this.root = root
    this.alone = alone
    this.step = 0
    this.selected = null // {run, layer, direction, unit}
    this.look = { ...FIRST_LOOK }
    this.viewport = new Viewport()
    this.playback = new Playback(this)
    this.channel = new PlayerChannel((bytes) => this.take(bytes))
    this.scratch = document.createElement("canvas")
    this.build()
    this.resized = new ResizeObserver(() => this.data && this.layout())
    this.resized.observe(root)
  }

  close() {
    this.playback.stop()
    this.channel.close()
    this.resized.disconnect()
  }

  // ---- the parts of the screen ---------------------------------------------------------------

  build() {
    this.root.innerHTML = `<div class="frame">
      <div class="legend"><span class="name"><span></span><b></b></span><button type="button" class="more" aria-expanded="false">Options</button><span class="options"></span>
        <span class="colours"><button type="button" class="scale"></button><span class="end low"></span>
          <canvas width="240" height="2" aria-hidden="true"></canvas><span class="end high"></span></span></div>
      <div class="tracks" tabindex="0" role="application"
           aria-label="Heatmaps: arrow keys move the step and the selected unit"></div>
      <div class="controls"></div>
      <div class="footer"><div class="readout"></div><button type="button" class="details"></button></div></div><div class="tip"></div>`
    const find = (selector) => this.root.querySelector(selector)
    this.tracks = find(".tracks")
    this.readout = find(".readout")
    this.details = find(".details")
    this.details.onclick = () => showRegion(this.data.details)
    this.legend = new Legend(find(".legend"), { onScale: () => this.toggleScale() })
    this.controls = new Controls(find(".controls"), {
      onStep: (from) => this.stopAndGo(from(this.step, this.data.T)),
      onToggle: () => this.toggle(),
    })
    find(".more").onclick = () => this.showOptions(find(".more"))
    this.options = new Options(find(".options"), (change) => this.changeLook(change))
    this.pointer = new Pointer(this, find(".tip"))
    this.root.onkeydown = (event) => this.press(event)
  }

  showOptions(button) { // on a phone they are folded away
    const open = this.root.classList.toggle("all-options")
    button.setAttribute("aria-expanded", open)
  }

  buildRows() { // anew only where their names or their order changed
    const { tracks, T, empty } = this.data
    const shape = JSON.stringify([T > 0, tracks.map((t) => [t.type, t.kind, t.name, t.note, t.layer, t.direction, t.run])])
    if (this.shape !== shape) {
      this.shape = shape
      this.rows = tracks.map((track) => new Row(track))
      this.tracks.replaceChildren(...this.rows.map((row) => row.element), this.buildAxis())
      if (!T) this.rows[0].stage.append(element("div", "empty", empty))
    }
    this.rows.forEach((row, index) => row.take(tracks[index]))
  }

  buildAxis() {
    this.axis = element("canvas")
    this.axis.setAttribute("aria-hidden", "true") // the slider says the step
    const row = element("div", "row axis")
    row.append(element("div", "label", "step"), this.axis)
    return row
  }

  // ---- new data --------------------------------------------------------------------------------

  take(bytes) { // from the page or by the channel, which is ahead of it
    const data = decode(bytes)
    const known = data.number && this.data?.channel === data.channel && data.number <= this.data.number
    if (!known) this.show(data)
    else if (themeName(this.root) !== this.theme.name) this.layout()
    this.channel.open(data.channel)
  }

  show(data) {
    const before = this.data
    this.data = data
    this.viewport.columns = countColumns(data)
    const sameSequence = before && before.digest === data.digest
    const drawn = data.live || (before && before.live) // the eye has seen it grow already
    if (!before && data.cell) this.selected = data.cell
    if (!before || data.command !== before.command) this.obey(data, Boolean(before))
    this.buildRows()
    this.controls.slider.max = data.T
    if (drawn) { this.playback.stop(); this.step = data.T }
    else if (!sameSequence && (before || data.step === null)) this.autoplay()
    this.step = Math.min(this.step, data.T)
    this.sent ??= this.view()
    this.layout()
    this.pointer.readAgain()
    this.rest() // a new sequence may have moved the step
  }

  obey({ cell, step, range, look, moves, T }, known) { // orders: a link or a jump. known: it has been shown before
    this.range = range
    if (known && !moves) { this.late = true; return } // what it said last may have come too late
    if (cell) this.selected = cell
    if (step !== null || known) { this.playback.stop(); this.step = step ?? T }
    this.takeLook(look)
  }

  takeLook(look) {
    Object.assign(this.look, look)
    this.options.show(this.look)
    this.playback.speed = Number(this.look.speed)
    this.playback.loop = this.look.loop
    this.viewport.zoom = Number(this.look.zoom)
  }

  changeLook(change) { // by hand
    this.takeLook(change)
    if (this.data) this.layout()
    this.rest()
  }

  autoplay() {
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) {
      this.playback.stop()
      this.step = this.data.T
      return
    }
    this.step = 0
    this.playback.start(true)
  }

  // ---- painting, once per data or size ---------------------------------------------------------

  layout() {
    const { viewport, rows, data } = this
    this.theme = themeOf(this.root)
    viewport.ratio = Math.min(2, window.devicePixelRatio || 1)
    viewport.width = rows[0].stage.clientWidth
    if (!viewport.width) return
    const heights = rowHeights(data.tracks, viewport.width, window.innerHeight, this.alone)
    rows.forEach((row, index) => row.resize(heights[index], viewport))
    viewport.centre(this.step)
    this.colour()
    this.paint()
    this.veilFuture()
    this.moved()
  }

  colour() {
    const { palette, sequential } = this.data
    const colours = paletteOn(palette, this.theme.background)
    this.ends = scaleEnds(this.data, this.fits)
    this.tables = { signed: colourTable(colours, false), gate: colourTable(colours, true) }
    const kind = scaleKind(sequential)
    this.legend.show(this.data, this.tables[kind], this.ends, this.fits[kind])
  }

  paint() {
    for (const row of this.rows) {
      if (row.track.type === "heat") {
        paintHeatmap(row, this.viewport, this.colourOfTrack(row.track), this.scratch)
        row.paintUnits(this.theme, this.viewport.ratio)
      } else paintInput(row, this.viewport, this.theme, this.tables.gate)
    }
    paintAxis(this.axis, this.viewport, this.theme, this.data)
  }

  colourOfTrack({ sequential, end }) {
    const ends = end ? [-end, end] : this.ends // a difference has its own scale
    return colourOf(this.tables[scaleKind(sequential)], ends, sequential)
  }

  get fits() { return { signed: this.look.scale === "fit", gate: this.look.gate_scale === "fit" } }

  get futureHidden() { return this.look.future === "hidden" }

  toggleScale() {
    const name = this.data.sequential ? "gate_scale" : "scale"
    this.changeLook({ [name]: this.look[name] === "fit" ? "whole" : "fit" })
  }

  veilFuture() {
    this.root.classList.toggle("hidden-future", this.futureHidden)
    if (this.data) this.moved()
  }

  // ---- time ------------------------------------------------------------------------------------

  toggle() {
    if (this.playback.playing) { this.playback.stop(); this.rest(); return }
    if (this.step >= this.data.T) this.step = 0
    this.playback.start()
  }

  showPlaying(playing) { this.controls.showPlaying(playing) }

  // The one step function: Play, the buttons, the slider, keys and clicks all end here.
  advance(step) {
    this.step = Math.max(0, Math.min(this.data.T, step))
    if (this.viewport.zoom > 1 && this.viewport.follow(this.step)) this.paint()
    this.moved()
  }

  stopAndGo(step, delay) {
    this.playback.stop()
    this.advance(step)
    this.rest(delay)
  }

  moved() {
    const { step, data, viewport } = this
    const { T, tracks } = data
    for (const row of this.rows) {
      row.move(viewport, step, { T, selected: this.selected, range: this.range })
      if (T && row.track.kind === "gesture") paintInk(row, viewport, this.theme, step, this.futureHidden)
    }
    this.controls.showStep(step, T, stepText(step, T, tracks[0].labels))
    if (!this.playback.playing) this.read()
  }

  read() { // the open cell, and how its value came about where Python has said so
    const { data, step, selected } = this
    if (data.readout) this.readout.setAttribute("role", "status")
    else this.readout.removeAttribute("role") // another part of the page announces it
    this.readout.textContent = openText(data, selected, step)
    this.details.textContent = data.details ? `${data.details} ↓` : ""
    this.details.hidden = !data.details || !this.readout.textContent
  }

  // ---- what people choose ----------------------------------------------------------------------

  choose(cell, step) {
    if (cell) this.selected = cell
    this.stopAndGo(step, 0)
  }

  showRange(range) {
    this.range = range
    this.moved()
  }

  press(event) {
    const action = this.data?.T ? actionOf(event) : null
    if (!action) return
    this.act(action)
    event.preventDefault()
    event.stopPropagation()
  }

  act({ does, by }) {
    if (does === "toggle") this.toggle()
    else if (does === "step") this.stopAndGo(this.step + by)
    else if (does === "first") this.stopAndGo(0)
    else if (does === "last") this.stopAndGo(this.data.T)
    else this.moveUnit(by)
  }

  moveUnit(by) {
    this.selected = cellBeside(this.data.tracks, this.selected, by)
    this.moved()
    this.rest()
  }

  // ---- telling Python, once things are at rest --------------------------------------------------

  view() { // step is null at the last one, whichever that is
    const { command, T } = this.data
    return { command, step: this.step === T ? null : this.step, cell: this.selected, range: this.range ?? null, ...this.look }
  }

  rest(delay = 150) {
    clearTimeout(this.resting)
    this.resting = setTimeout(() => {
      if (!this.data.T) return
      const { playing } = this.playback // then only the look is news: the step will be when it rests
      const view = playing ? { ...this.sent, command: this.data.command, ...this.look } : this.view()
      const news = JSON.stringify({ ...view, command: 0 }) !== JSON.stringify({ ...this.sent, command: 0 })
      if (!news && !this.late) return
      this.late = false
      this.sent = view
      this.emit(view)
    }, delay)
  }
}

function showRegion(name) {
  document.querySelector(`[role=region][aria-label="${name}"]`)?.scrollIntoView({ behavior: "smooth", block: "start" })
}

function scaleKind(sequential) { return sequential ? "gate" : "signed" }
