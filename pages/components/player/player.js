// The player: paints tracks once and plays them in the browser, with no rerun per step. Its data is
// a frame's bytes, see decode.js.

import { paintAxis } from "./axis.js"
import { cellBeside } from "./cells.js"
import { PlayerChannel } from "./channel.js"
import { colourTable, paletteOn, scaleEnds } from "./colours.js"
import { countColumns, Viewport } from "./columns.js"
import { Controls, Options } from "./controls.js"
import { decode } from "./decode.js"
import { element } from "./elements.js"
import { FilmView } from "./film_view.js"
import { presentedHeights, rowHeights } from "./geometry.js"
import { paintInk } from "./input.js"
import { actionOf } from "./keys.js"
import { Legend } from "./legend.js"
import { LiveText } from "./live_text.js"
import { MARKUP } from "./markup.js"
import { paintRow, scaleKind } from "./painter.js"
import { Playback } from "./playback.js"
import { Pointer } from "./pointer.js"
import { predictionLines, recognisedText } from "./prediction_text.js"
import { Presenting } from "./presenting.js"
import { openText, stepText } from "./readout.js"
import { Row } from "./row.js"
import { alertOn, themeName, themeOf } from "./theme.js"
import { TrainingPanel } from "./training_panel.js"
import { hasEnded } from "./training_text.js"

// How it plays and what its colours mean. Gates are read as shares, so from 0 to 1 at first.
const FIRST_LOOK = { speed: "1", loop: false, future: "faint", zoom: "1", scale: "fit", gate_scale: "whole" }
const players = new WeakMap()

// alone: nothing else stands on the page, so the heatmaps may have its height. load: what gives the
// bytes of a film, by its path; without it there is none
export default function mount({ data, parentElement, setStateValue, alone = false, load = null }) {
  let player = players.get(parentElement)
  if (!player) {
    player = new Player(parentElement.querySelector(".player"), alone, load)
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
  constructor(root, alone, load) {
    this.root = root
    this.alone = alone
    this.load = load
    this.step = 0
    this.selected = null // {run, layer, direction, unit}
    this.look = { ...FIRST_LOOK }
    this.viewport = new Viewport()
    this.playback = new Playback(this)
    this.channel = new PlayerChannel((bytes) => this.take(bytes, true))
    this.scratch = document.createElement("canvas")
    this.build()
    this.resized = new ResizeObserver(() => this.data && this.layout())
    this.resized.observe(root)
    this.presenting = new Presenting(this)
  }

  close() {
    this.playback.stop()
    this.film.stop()
    this.channel.close()
    this.resized.disconnect()
    this.presenting.set(false)
  }

  // ---- the parts of the screen ---------------------------------------------------------------

  build() {
    this.root.innerHTML = MARKUP
    const find = (selector) => this.root.querySelector(selector)
    this.tracks = find(".tracks")
    this.readout = find(".readout")
    this.predicted = find(".predicted")
    this.prediction = new LiveText(find(".predicted [role=region]"))
    this.details = find(".details")
    this.at = find(".at")
    this.details.onclick = () => showRegion(this.data.details)
    this.legend = new Legend(find(".legend"), { onScale: () => this.toggleScale() })
    this.controls = new Controls(find(".controls"), {
      onStep: (from) => this.stopAndGo(from(this.step, this.data.T)),
      onToggle: () => this.toggle(),
    })
    find(".more").onclick = () => this.showOptions(find(".more"))
    this.film = new FilmView(find(".film"), {
      load: this.load, onChange: (arrived) => this.refilm(arrived), onRest: () => this.rest(),
    })
    this.training = new TrainingPanel(find(".training"))
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
    const shape = JSON.stringify([T > 0 || empty, tracks.map((t) => [t.type, t.kind, t.name, t.note, t.layer, t.direction, t.run, t.names, t.answers])])
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

  take(bytes, ahead = false) { // from the page or by the channel, which is ahead of it
    const data = decode(bytes)
    const known = data.number && this.data?.channel === data.channel && data.number <= this.data.number
    const ended = ahead && hasEnded(this.data?.training, data.training)
    if (!known) this.show(data)
    else if (themeName(this.root) !== this.theme.name) this.layout()
    if (!known && ended) this.tellEnd(data.training)
    this.channel.open(data.channel)
  }

  show(data) {
    const before = this.data
    this.data = data
    this.own = { tracks: data.tracks, ends: data.ends, fit: data.fit, opened: data.opened }
    this.viewport.columns = countColumns(data)
    const sameSequence = before && before.digest === data.digest
    const drawn = data.live || (before && before.live) // the eye has seen it grow already
    if (!before && data.cell) this.selected = data.cell
    const ordered = !before || data.command !== before.command
    if (ordered) this.obey(data, Boolean(before))
    this.film.take(data.training, ordered && (!before || data.moves))
    Object.assign(data, this.film.apply(this.own))
    this.buildRows()
    this.presenting.set(data.present)
    this.controls.slider.max = data.T
    if (drawn) { this.playback.stop(); this.step = this.last }
    else if (!sameSequence && !(ordered && data.moves && data.step !== null)) this.autoplay()
    this.step = Math.min(this.step, this.last)
    this.sent ??= this.view()
    this.layout(sameSequence && before.T === data.T && !ordered)
    this.pointer.readAgain()
    this.rest() // a new sequence may have moved the step
  }

  obey({ cell, step, range, look, moves, T }, known) { // orders: a link or a jump. known: it has been shown before
    this.range = range
    if (known && !moves) { this.late = true; return } // what it said last may have come too late
    if (cell || known) this.selected = cell
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
      this.step = this.last
      return
    }
    this.step = 0
    this.playback.start(true)
  }

  // ---- painting, once per data or size ---------------------------------------------------------

  layout(inPlace = false) { // inPlace: what is in view stays there
    const { viewport, rows, data } = this
    this.theme = themeOf(this.root)
    this.root.classList.toggle("trained", Boolean(data.training))
    this.root.classList.toggle("with-text", Boolean(data.below))
    this.root.style.setProperty("--alert", alertOn(this.theme.background))
    viewport.ratio = Math.min(2, window.devicePixelRatio || 1)
    viewport.width = rows[0].stage.clientWidth
    if (!viewport.width) return
    this.resizeRows(rowHeights(data.tracks, viewport.width, window.innerHeight, this.alone, this.film.height, data.below))
    if (data.present) this.fillScreen()
    if (inPlace) viewport.first = viewport.clamp(viewport.first)
    else viewport.centre(this.step)
    this.showTraining()
    this.colour()
    this.paint()
    this.root.classList.toggle("hidden-future", this.futureHidden)
    this.moved(data.training?.state === "running") // four times a second
  }

  resizeRows(heights) { this.rows.forEach((row, index) => row.resize(heights[index], this.viewport)) }

  fillScreen() { // all that is not a heatmap has been laid out: what is left of the screen is theirs
    const { rows, data } = this
    this.predict(true)
    this.read()
    const heights = rows.map((row) => row.height)
    const heats = rows.filter((row) => row.track.type === "heat").reduce((sum, row) => sum + row.height, 0)
    this.resizeRows(presentedHeights(data.tracks, heights, this.presenting.room() + heats))
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
      paintRow(row, this)
      row.paintNames(this.theme, this.viewport.ratio)
    }
    paintAxis(this.axis, this.viewport, this.theme, this.data)
  }

  refilm(arrived) { // another checkpoint is to be shown; arrived: so that its scales may be others
    if (!this.data) return
    this.filmArrived ||= arrived // also by a change that this frame was not drawn for yet
    cancelAnimationFrame(this.refilming)
    this.refilming = requestAnimationFrame(() => {
      Object.assign(this.data, this.film.apply(this.own))
      if (this.filmArrived) { this.filmArrived = false; this.buildRows(); this.layout(true); return }
      this.rows.forEach((row, index) => {
        if (row.track === this.data.tracks[index]) return
        row.take(this.data.tracks[index])
        paintRow(row, this)
      })
      this.training.showCheckpoint(this.film.chosen)
      this.moved()
    })
  }

  showTraining() { // and which checkpoint of it is seen
    this.training.show(this.data.training, this.film.chosen)
    this.training.paint(this.theme, this.viewport.ratio)
  }

  get fits() { return { signed: this.look.scale === "fit", gate: this.look.gate_scale === "fit" } }

  get futureHidden() { return this.look.future === "hidden" || this.data.limit !== null }

  get last() { return this.data.limit ?? this.data.T } // the last step that may be seen

  toggleScale() {
    const name = this.data.sequential ? "gate_scale" : "scale"
    this.changeLook({ [name]: this.look[name] === "fit" ? "whole" : "fit" })
  }

  // ---- time ------------------------------------------------------------------------------------

  toggle() {
    if (this.playback.playing) { this.playback.stop(); this.rest(); return }
    if (this.step >= this.last) this.step = 0
    this.playback.start()
  }

  showPlaying(playing) { this.controls.showPlaying(playing) }

  // The one step function: Play, the buttons, the slider, keys and clicks all end here.
  advance(step) {
    this.step = Math.max(0, Math.min(this.last, step))
    if (this.viewport.zoom > 1 && this.viewport.follow(this.step)) this.paint()
    this.moved()
  }

  stopAndGo(step, delay) {
    this.playback.stop()
    this.advance(step)
    this.rest(delay)
  }

  moved(silently = false) {
    const { step, data, viewport } = this
    const { T, tracks } = data
    for (const row of this.rows) {
      row.move(viewport, step, { T, selected: this.selected, range: this.range })
      if (T && row.track.kind === "gesture") paintInk(row, viewport, this.theme, step, this.futureHidden)
    }
    this.controls.showStep(step, T, stepText(step, T, tracks[0].labels))
    this.at.textContent = T ? `step ${step} of ${T}` : ""
    this.predict(silently || this.isPlaying)
    if (!this.playback.playing) this.read()
  }

  predict(quiet) { // what the network answers at this step
    const lines = this.data.T ? predictionLines(this.data.tracks, this.step) : []
    this.predicted.hidden = !lines.length
    if (lines.length) this.prediction.say(lines.join("\n"), { quiet })
    window.dispatchEvent(new CustomEvent("recognised", { detail: recognisedText(this.data) })) // to a draw pad
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
    const action = this.data?.T ? actionOf(event, this.data.present) : null
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
    const { command, T, training } = this.data
    const checkpoint = training ? { checkpoint: this.film.chosen } : {}
    return { command, step: this.step === T ? null : this.step, cell: this.selected, range: this.range ?? null, ...checkpoint, ...this.look }
  }

  atRest() { // what plays is no news until it rests
    const view = this.view()
    if (this.playback.playing) for (const name of ["step", "cell", "range"]) view[name] = this.sent[name]
    if (this.film.playback.playing) view.checkpoint = this.sent.checkpoint ?? null
    return view
  }

  get isPlaying() { return this.playback.playing || this.film.playback.playing }

  tellEnd({ id, state }) { // at once, though nothing else may be news
    this.sent = this.atRest()
    this.emit({ ...this.sent, training: { id, state } })
  }

  rest(delay = 150) {
    clearTimeout(this.resting)
    this.resting = setTimeout(() => {
      if (!this.data.T) return
      const view = this.atRest()
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
