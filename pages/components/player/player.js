// The player: paints tracks once and plays them in the browser, with no rerun per step.
//
// Data is one bytes: a uint32 with the frame's number (0: none) and one with the header's length, the
// header as JSON, then float32 blocks.
// header.tracks lists what is shown from top to bottom; each track's arrays are views of the blocks:
//   input: kind, labels, features, range; x (T, I), and wave (P, 2) for sound or ink (T, 3)
//   heat:  name, note, layer, direction, run, sequential; values (T, H), initial (H) or empty
// A step k says how many steps have been read, 0 (h_0) to T. Heatmaps have a column for h_0 and one
// for each step; the reverse direction reads from the right, so its h_0 stands in a last column and
// its columns fill in from right to left.

const instances = new WeakMap()

export default function ({ data, parentElement, setStateValue }) {
  let player = instances.get(parentElement)
  if (!player) {
    player = new Player(parentElement.querySelector(".player"))
    instances.set(parentElement, player)
  }
  player.emit = (view) => setStateValue("view", view)
  if (data) player.take(data)
  return () => {
    player.stop()
    player.line.close()
    player.resized.disconnect()
    instances.delete(parentElement)
  }
}

function decode(bytes) {
  const copy = bytes.slice() // the view may start anywhere; float32 needs an aligned start
  const [number, length] = new Uint32Array(copy.buffer, 0, 2)
  const header = JSON.parse(new TextDecoder().decode(copy.subarray(8, 8 + length)))
  header.number = number
  let at = 8 + length + ((4 - (length % 4)) % 4)
  for (const track of header.tracks) {
    for (const [name, count] of Object.entries(track.blocks)) {
      track[name] = new Float32Array(copy.buffer, at, count)
      at += 4 * count
    }
  }
  return header
}

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
const SECONDS_PER_PASS = 4 // at 1x; a new sequence plays once within this time

class Player extends Reading { // player_reading.js
  constructor(root) {
    super()
    this.root = root
    this.step = 0
    this.playing = false
    this.speed = 1
    this.loop = false
    this.zoom = 1
    this.first = 0 // first visible column
    this.fitted = { signed: true, gate: false } // gates are read as shares, so from 0 to 1 at first
    this.selected = null // {run, layer, direction, unit}
    this.line = new Line((bytes) => this.take(bytes)) // player_line.js
    this.cleared = document.createElement("canvas")
    this.build()
    this.resized = new ResizeObserver(() => this.data && this.layout())
    this.resized.observe(root)
  }

  // ---- the parts of the screen ---------------------------------------------------------------

  build() {
    this.root.innerHTML = `
      <div class="legend"><span class="name"><span></span><b></b></span><span class="options"></span>
        <span class="colours"><button type="button" class="scale"></button><span class="end low"></span>
          <canvas width="240" height="2" aria-hidden="true"></canvas><span class="end high"></span></span></div>
      <div class="tracks" tabindex="0" role="application"
           aria-label="Heatmaps: arrow keys move the step and the selected unit"></div>
      <div class="controls"></div><div class="readout" role="status"></div><div class="tip"></div>`
    this.find = (selector) => this.root.querySelector(selector)
    this.tracks = this.find(".tracks")
    this.tip = this.find(".tip")
    const controls = this.find(".controls")
    const actions = {
      "First step": () => this.go(0),
      "Step back": () => this.go(this.step - 1),
      Play: () => this.toggle(),
      "Step forward": () => this.go(this.step + 1),
      "Last step": () => this.go(this.data.T),
    }
    this.buttons = {}
    for (const [name, action] of Object.entries(actions)) {
      const button = document.createElement("button")
      button.type = "button"
      button.onclick = () => { if (name !== "Play") this.stop(); action() }
      if (name === "Play") button.className = "play"
      controls.append(button)
      this.buttons[name] = button
      label(button, name)
    }
    this.slider = document.createElement("input")
    Object.assign(this.slider, { type: "range", min: 0, step: 1 })
    this.slider.setAttribute("aria-label", "Time step")
    this.slider.oninput = () => { this.stop(); this.go(Number(this.slider.value)) }
    this.where = document.createElement("span")
    this.where.className = "where"
    controls.append(this.slider, this.where)
    this.addOptions(this.find(".options"))
    this.find(".scale").onclick = () => {
      const kind = this.data.sequential ? "gate" : "signed"
      this.fitted[kind] = !this.fitted[kind]
      this.layout()
    }
    this.root.onkeydown = (event) => this.key(event)
    this.tracks.onpointermove = (event) => this.hover(event)
    this.tracks.onpointerleave = () => { this.tip.style.display = "none" }
    this.tracks.onclick = (event) => this.pick(event)
    this.tracks.onpointerdown = (event) => this.startRange(event)
    this.tracks.onpointerup = this.tracks.onpointercancel = () => this.endRange()
  }

  addOptions(options) {
    const speed = select("Speed", SPEEDS.map((s) => [s, `${s}×`]), 1)
    speed.onchange = () => { this.speed = Number(speed.value) }
    const loop = document.createElement("input")
    loop.type = "checkbox"
    loop.onchange = () => { this.loop = loop.checked }
    const loopLabel = document.createElement("label")
    loopLabel.append(loop, "Loop")
    this.future = select("Future", [["faint", "future faint"], ["hidden", "future hidden"]], "faint")
    this.future.onchange = () => this.veilFuture()
    this.zooms = select("Zoom", ZOOMS.map((z) => [z, `zoom ${z}×`]), 1)
    this.zooms.onchange = () => { this.zoom = Number(this.zooms.value); this.layout() }
    options.append(speed, loopLabel, this.future, this.zooms)
  }

  // ---- new data --------------------------------------------------------------------------------

  take(bytes) { // from the page or by the line, which is ahead of it
    const data = decode(bytes)
    const known = data.number && this.data?.line === data.line && data.number <= this.data.number
    if (!known) this.show(data)
    else if (this.theme() !== this.painted) this.layout()
    this.line.open(data.line)
  }

  show(data) {
    const before = this.data
    this.data = data
    const sameSequence = before && before.digest === data.digest
    const drawn = data.live || (before && before.live) // the eye has seen it grow already
    if (!before && data.cell) this.selected = data.cell
    if (!before || data.command !== before.command) {
      if (data.cell) this.selected = data.cell
      if (data.step !== null) { this.stop(); this.step = data.step }
      this.range = data.range
    }
    this.tip.style.display = "none"
    this.prepareRows()
    this.slider.max = data.T
    if (drawn) { this.stop(); this.step = data.T }
    else if (!sameSequence && (before || data.step === null)) this.autoplay()
    this.step = Math.min(this.step, data.T)
    this.sent ??= this.view()
    this.layout()
  }

  autoplay() {
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) { this.stop(); this.step = this.data.T; return }
    this.step = 0
    this.passing = true // this pass takes SECONDS_PER_PASS whatever the speed
    this.start()
  }

  prepareRows() {
    const { tracks, T } = this.data
    const shape = JSON.stringify([T > 0, tracks.map((t) => [t.type, t.kind, t.name, t.note, t.layer, t.direction, t.run])])
    if (this.shape !== shape) {
      this.shape = shape
      this.tracks.replaceChildren()
      this.rows = tracks.map((track) => this.addRow(track))
      this.addAxis()
      if (!T) this.rows[0].stage.append(Object.assign(document.createElement("div"), { className: "empty", textContent: this.data.empty }))
    }
    this.rows.forEach((row, index) => {
      row.track = tracks[index]
      row.scale.textContent = tracks[index].scale ?? ""
    })
  }

  addRow({ type, name, note }) {
    const row = document.createElement("div")
    row.className = `row ${type}`
    row.innerHTML = `<div class="label"></div><div class="stage"><canvas role="img"></canvas>
      <div class="veil"></div><div class="range"></div><div class="playhead"><i></i></div><div class="selected"></div></div>`
    row.querySelector(".label").textContent = name
    if (note) row.querySelector(".label").append(Object.assign(document.createElement("small"), { textContent: note }))
    const scale = document.createElement("small")
    row.querySelector(".label").append(scale)
    const stage = row.querySelector(".stage")
    const canvas = stage.querySelector("canvas")
    canvas.setAttribute("aria-label", `${type === "input" ? "Input sequence" : "Heatmap of"} ${name} ${note}`.trim())
    this.tracks.append(row)
    return { stage, canvas, scale, veil: stage.querySelector(".veil"),
      range: stage.querySelector(".range"), playhead: stage.querySelector(".playhead"), box: stage.querySelector(".selected") }
  }

  addAxis() {
    this.axis = document.createElement("canvas")
    this.axis.setAttribute("aria-hidden", "true") // the slider says the step
    const row = Object.assign(document.createElement("div"), { className: "row axis" })
    row.append(document.createElement("div"), this.axis)
    this.tracks.append(row)
  }

  // ---- time ------------------------------------------------------------------------------------

  toggle() {
    if (this.playing) { this.stop(); this.rest(); return }
    if (this.step >= this.data.T) this.step = 0
    this.passing = false
    this.start()
  }

  start() {
    if (!this.data.T) return
    this.playing = true
    this.exact = this.step
    this.before = performance.now()
    label(this.buttons.Play, "Pause")
    cancelAnimationFrame(this.frame)
    this.frame = requestAnimationFrame((now) => this.tick(now))
  }

  stop() {
    this.playing = false
    cancelAnimationFrame(this.frame)
    label(this.buttons.Play, "Play")
  }

  tick(now) {
    if (!this.playing) return
    const T = this.data.T
    const rate = Math.max(2, T / SECONDS_PER_PASS) * (this.passing ? 1.05 : this.speed) // steps a second
    this.exact += (rate * Math.max(0, now - this.before)) / 1000
    this.before = now
    if (this.exact >= T && this.loop) this.exact = 0
    const next = Math.min(T, Math.floor(this.exact))
    if (next !== this.step) this.advance(next)
    if (next >= T && !this.loop) { this.stop(); this.rest(); return }
    this.frame = requestAnimationFrame((then) => this.tick(then))
  }

  // The one step function: Play, the buttons, the slider, keys and clicks all end here.
  advance(step) {
    this.step = Math.max(0, Math.min(this.data.T, step))
    if (this.zoom > 1) this.follow()
    this.moved()
  }

  go(step, delay) {
    this.exact = step
    this.advance(step)
    this.rest(delay)
  }

  follow() {
    if (this.step >= this.first && this.step < this.first + this.visible - 1) return
    const first = this.clampFirst(this.step < this.first ? this.step - this.visible + 2 : this.step - 1)
    if (first === this.first) return
    this.first = first
    this.paint()
  }

  column(track, step = this.step) { return track.direction ? Math.max(1, track.T + 1 - step) : Math.min(step, Math.max(track.T, 1)) }

  moved() {
    const { T } = this.data
    const wide = this.width / this.visible
    for (const row of this.rows) {
      const { type, kind, direction } = row.track
      const x = this.left(this.column(row.track))
      const edge = direction ? Math.max(0, x) : Math.min(this.width, x + wide)
      // reverse direction: what is not read yet lies to the left
      row.veil.style.transform = `translateX(${direction ? edge - this.width : edge}px)`
      row.playhead.style.transform = `translateX(${type === "input" ? x + wide / 2 - 1 : x}px)`
      row.playhead.style.width = `${Math.max(4, wide)}px`
      const pointless = type === "input" && (!this.step || kind === "text" || kind === "gesture")
      row.playhead.style.display = T && !pointless ? "" : "none"
      this.mark(row, x, wide)
      this.band(row, wide)
      if (type === "input" && T) this.point(row)
    }
    this.slider.value = this.step
    this.slider.setAttribute("aria-valuenow", this.step)
    this.slider.setAttribute("aria-valuetext", `step ${this.step} of ${T}${this.step ? `, ${this.rows[0].track.labels[this.step - 1] ?? ""}` : ", before the first input"}`)
    this.where.textContent = `${this.step} / ${T}`
    if (!this.playing && this.data.readout) this.find(".readout").textContent = this.describe(this.selected, this.step)
  }

  point(row) { // where the input is at this step
    const { kind, I, x, T } = row.track
    if (kind === "gesture") this.paintInk(row)
    const dot = row.playhead.firstElementChild
    const here = kind === "curve" && this.step && this.step <= T
    dot.style.display = here ? "block" : "none"
    if (here) dot.style.top = `${curveY(row, x[(this.step - 1) * I])}px`
  }

  mark(row, x, wide) {
    const s = this.selected
    const here = s && this.data.T && same(s, row.track) && s.unit < row.track.H
    row.box.style.display = here ? "block" : "none"
    if (!here) return
    const high = row.height / row.track.H
    const tall = Math.max(5, high)
    row.box.style.transform = `translate(${x}px, ${Math.min(row.height - tall, s.unit * high)}px)`
    row.box.style.width = `${Math.max(5, wide)}px`
    row.box.style.height = `${tall}px`
  }

  band(row, wide) {
    row.range.style.display = this.range && row.track.T ? "block" : "none"
    if (!this.range) return
    row.range.style.transform = `translateX(${this.left(this.range[0])}px)`
    row.range.style.width = `${wide * (this.range[1] - this.range[0] + 1)}px`
  }

  veilFuture() {
    this.root.classList.toggle("hidden-future", this.future.value === "hidden")
    if (this.data) this.moved()
  }

  // ---- telling Python, once things are at rest --------------------------------------------------

  view() { return { step: this.step, last: this.data.T, cell: this.selected, range: this.range ?? null, digest: this.data.digest } }

  rest(delay = 150) {
    clearTimeout(this.resting)
    this.resting = setTimeout(() => {
      if (this.playing || !this.data.T) return
      const view = this.view()
      if (JSON.stringify(view) === JSON.stringify(this.sent)) return
      this.sent = view
      this.emit(view)
    }, delay)
  }
}

function label(button, name) {
  button.setAttribute("aria-label", name)
  button.title = name
  if (ICONS[name]) button.innerHTML = `<svg viewBox="0 0 16 16" aria-hidden="true"><path d="${ICONS[name]}"/></svg>`
}

function select(name, choices, chosen) {
  const element = document.createElement("select")
  element.setAttribute("aria-label", name)
  element.title = name
  for (const [value, text] of choices) element.add(new Option(text, value, false, value === chosen))
  return element
}
