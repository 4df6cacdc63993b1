// The draw pad: mouse, touch or pen in, a drawing out, sent while the pointer still moves.
//
// Curve: `levels`, one integer 0..4095 per step (0 bottom, 4095 top). What is on the pad is what
// the network reads. A curve being drawn ends at the pointer; when the pointer is lifted it holds
// its last value to the end, so that it always has `steps` values.
// Pen: `strokes`, lists of [x, y, t]: x and y 0..4095 with y up, t in milliseconds.
//
// What is on the pad stays until Python asks for something else: then its data has another version.
// Every message carries the version it began from, so that Python knows a late one, and a revision.
// Streamlit may take the pad out of the page and put in another while a hand draws, as it does when
// the server was restarted: the new pad goes on with that hand. And Python may not hear what a pad
// says that is on its way out of the page: the new pad says it again.

const TOP = 4095
const MILLISECONDS_BETWEEN_MESSAGES = 40
const MOST_POINTS = 3000
const pads = new WeakMap()
let gone = null // the pad that was here before

export default function mount({ data, parentElement, setStateValue }) {
  let pad = pads.get(parentElement)
  if (!pad) {
    pad = new DrawPad(parentElement.querySelector(".pad"))
    if (gone?.shows(data)) pad.takeOver(gone, data.taken)
    gone = null
    pads.set(parentElement, pad)
  }
  pad.emit = (drawing) => setStateValue("drawing", drawing)
  pad.show(data)
  return () => {
    removeEventListener("recognised", pad.hear)
    clearTimeout(pad.waiting)
    pad.resized.disconnect()
    gone = pad
    pads.delete(parentElement)
  }
}

class DrawPad {
  constructor(root) {
    this.root = root
    this.canvas = root.querySelector("canvas")
    this.hint = root.querySelector(".hint")
    this.recognised = root.parentElement.querySelector(".recognised")
    this.heard = ""
    this.hear = ({ detail }) => { this.heard = detail; this.tell() }
    addEventListener("recognised", this.hear) // the player says it, for each frame
    this.revision = 0 // of the last message: never twice the same, whichever pad sent it
    this.down = false
    this.levels = []
    this.strokes = []
    this.ahead = []
    this.canvas.onpointerdown = (event) => this.start(event)
    this.canvas.onpointermove = (event) => this.down && this.move(event)
    this.canvas.onpointerup = this.canvas.onpointercancel = () => this.finish()
    this.resized = new ResizeObserver(() => this.paint())
    this.resized.observe(this.canvas)
  }

  shows({ name, mode, steps, version }) {
    return name === this.name && mode === this.mode && steps === this.steps && version === this.version
  }

  takeOver(pad, taken) {
    if (!pad.down && pad.revision <= taken) return
    const { name, mode, steps, version, levels, strokes, column, began, revision, pointer, down } = pad
    Object.assign(this, { name, mode, steps, version, levels, strokes, column, began, revision, pointer, down })
    if (down) this.holdOn()
    else setTimeout(() => this.message()) // once Python listens
  }

  holdOn() {
    const { pointer } = this
    try {
      this.canvas.setPointerCapture(pointer)
    } catch { // a finger that is gone; a mouse without its button down is passed over in silence
    }
    // lifted in between
    if (!this.canvas.hasPointerCapture(pointer)) setTimeout(() => this.finish())
  }

  tell() { // what the network takes the drawing for
    this.recognised.hidden = this.answer === "none"
    this.recognised.textContent = this.answer === "drawing" && this.strokes.length ? this.heard : ""
  }

  show({ name, mode, steps, levels, strokes, version, columns, ahead, taken, answer }) {
    const changed = !this.shows({ name, mode, steps, version })
    Object.assign(this, { name, mode, steps, version, columns, ahead, answer })
    this.revision = Math.max(this.revision, taken)
    this.root.classList.toggle("pen", mode === "pen")
    this.shade()
    if (changed) {
      Object.assign(this, { levels: [...levels], strokes: structuredClone(strokes), column: null })
      if (this.down && mode === "pen") this.strokes.push([]) // the hand goes on, on the new ground
    }
    this.paint()
    this.tell()
  }

  start(event) {
    if (event.button > 0) return
    event.preventDefault()
    this.pointer = event.pointerId
    this.canvas.setPointerCapture(this.pointer)
    this.down = true
    this.column = null
    if (!this.strokes.length) this.began = event.timeStamp
    else if (this.mode === "pen") this.began ??= event.timeStamp - lastTime(this.strokes) - 300
    if (this.mode === "pen") this.strokes.push([])
    this.move(event)
  }

  move(event) {
    const events = event.getCoalescedEvents?.() ?? []
    for (const each of events.length ? events : [event]) {
      if (this.mode === "pen") this.addPoint(each)
      else this.addLevel(each)
    }
    this.paint()
    this.send()
  }

  finish() {
    if (!this.down) return
    this.down = false
    const last = this.levels.at(-1)
    if (this.mode === "curve" && this.levels.length) while (this.levels.length < this.steps) this.levels.push(last)
    this.paint()
    clearTimeout(this.waiting)
    this.waiting = null
    this.message()
  }

  place(event) {
    const box = this.canvas.getBoundingClientRect()
    const inside = (share) => Math.max(0, Math.min(1, share))
    return [inside((event.clientX - box.left) / box.width), inside(1 - (event.clientY - box.top) / box.height)]
  }

  addLevel(event) {
    const [x, y] = this.place(event)
    const [before, after] = this.columns
    const inView = Math.floor(x * (before + this.steps + after)) - before
    const last = this.steps - 1
    const column = Math.max(0, Math.min(last, inView))
    let level = Math.round(y * TOP)
    if (inView > last) { // there the network goes on: what is drawn ends where the hand leaves
      if (this.column === null || this.column === last) return
      level = Math.round(this.levels[this.column] + ((level - this.levels[this.column]) * (last - this.column)) / (inView - this.column))
    }
    const from = this.column ?? Math.min(column, this.levels.length)
    const start = this.column === null ? (this.levels.length > from ? level : this.levels.at(-1) ?? level) : this.levels[from]
    const span = Math.abs(column - from) || 1
    const by = Math.sign(column - from) || 1
    for (let k = from; ; k += by) { // a fast hand skips columns: join them with a straight line
      this.levels[k] = Math.round(start + ((level - start) * Math.abs(k - from)) / span)
      if (k === column) break
    }
    this.levels[column] = level
    this.column = column
  }

  addPoint(event) {
    if (this.strokes.reduce((sum, stroke) => sum + stroke.length, 0) >= MOST_POINTS) return
    const [x, y] = this.place(event)
    // both axes in units of the height, so that a circle stays a circle: the pad is a square window
    const { width, height } = this.canvas.getBoundingClientRect()
    const across = 0.5 + ((x - 0.5) * width) / Math.max(width, height)
    const up = 0.5 + ((y - 0.5) * height) / Math.max(width, height)
    const point = [Math.round(across * TOP), Math.round(up * TOP), Math.max(0, Math.round(event.timeStamp - this.began))]
    const stroke = this.strokes.at(-1)
    const before = stroke.at(-1)
    if (before && Math.hypot(point[0] - before[0], point[1] - before[1]) < 8) return
    stroke.push(point)
  }

  send() { // while drawing: the newest state, at most every few milliseconds
    this.waiting ??= setTimeout(() => { this.waiting = null; this.message() }, MILLISECONDS_BETWEEN_MESSAGES)
  }

  message() {
    this.revision = Math.max(this.revision + 1, Date.now())
    const { mode, levels, strokes, version, revision, down } = this
    this.emit({ mode, version, revision, live: down, ...(mode === "pen" ? { strokes } : { levels }) })
  }

  paint() {
    const ratio = Math.min(2, window.devicePixelRatio || 1)
    const { clientWidth: width, clientHeight: height } = this.canvas
    if (!width) return
    this.canvas.width = width * ratio
    this.canvas.height = height * ratio
    const context = this.canvas.getContext("2d")
    context.scale(ratio, ratio)
    const style = getComputedStyle(this.root)
    context.strokeStyle = style.getPropertyValue("--st-border-color")
    if (this.mode === "curve") {
      context.beginPath(); context.moveTo(0, height / 2); context.lineTo(width, height / 2); context.stroke()
    }
    context.strokeStyle = context.fillStyle = style.getPropertyValue("--st-primary-color")
    Object.assign(context, { lineWidth: 3, lineJoin: "round", lineCap: "round" })
    if (this.mode === "pen") this.paintStrokes(context, width, height)
    else this.paintCurve(context, width, height)
    const empty = this.mode === "pen" ? !this.strokes.length : !this.levels.length
    this.hint.textContent = !empty ? "" : this.mode === "pen" ? "Write or sketch here" : "Draw a curve here, from left to right"
  }

  shade() { // where the network goes on and nothing is drawn by hand
    const [before, after] = this.columns
    const share = (100 * (before + this.steps)) / (before + this.steps + after)
    const beyond = this.mode === "curve" && after > 0
    this.canvas.style.background = beyond ? `linear-gradient(to right, transparent ${share}%, var(--st-secondary-background-color) ${share}%)` : ""
  }

  paintCurve(context, width, height) {
    context.beginPath()
    const [before, after] = this.columns
    const wide = width / (before + this.steps + after)
    const at = (level, column) => context.lineTo((before + column + 0.5) * wide, 3 + (1 - level / TOP) * (height - 6))
    this.levels.forEach(at)
    context.stroke()
    if (this.down || this.levels.length < this.steps) return
    context.beginPath() // how the network goes on
    context.setLineDash([5, 5])
    context.lineWidth = 2
    at(this.levels.at(-1), this.levels.length - 1)
    this.ahead.forEach((value, k) => at(((value + 1) / 2) * TOP, this.levels.length + k))
    context.stroke()
    context.setLineDash([])
  }

  paintStrokes(context, width, height) {
    const size = Math.max(width, height)
    for (const stroke of this.strokes) {
      context.beginPath()
      for (const [x, y] of stroke) context.lineTo(width / 2 + (x / TOP - 0.5) * size, height / 2 - (y / TOP - 0.5) * size)
      if (stroke.length === 1) context.lineTo(width / 2 + (stroke[0][0] / TOP - 0.5) * size + 0.1, height / 2 - (stroke[0][1] / TOP - 0.5) * size)
      context.stroke()
    }
  }
}

function lastTime(strokes) {
  return strokes.at(-1)?.at(-1)?.[2] ?? 0
}
