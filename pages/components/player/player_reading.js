// What the pointer and the keys read and choose: values, cells, steps and ranges of them.
// player.js continues this file with what happens over time; they reach the browser as one module.

class Reading extends Painting { // player_painting.js
  describe(cell, step) {
    const track = cell && this.data.T && this.data.tracks.find((each) => same(cell, each))
    return track && cell.unit < track.H ? this.describeAt(track, cell.unit, this.column(track, step)) : ""
  }

  describeAt(track, unit, column) {
    const { T, H, labels, values, initial, layer, direction, title, quantity } = track
    const begins = column === (direction ? T + 1 : 0)
    const where = `${title ? `${title}, ` : ""}layer ${layer + 1}${direction ? " reverse" : ""}, unit ${unit}, step ${begins ? 0 : column}`
    if (begins && !initial.length) return `${where}: no ${quantity} before the first step`
    const value = begins ? initial[unit] : values[(column - 1) * H + unit]
    const label = begins ? "" : named(labels[column - 1], column)
    return `${where}: ${quantity}${begins ? "_0" : ""} = ${number(value)}${label}`
  }

  cellAt(event) {
    const row = this.rows?.find((r) => r.stage.contains(event.target))
    if (!row || !this.data.T) return null
    const { track } = row
    const box = row.stage.getBoundingClientRect()
    const column = this.first + Math.floor(((event.clientX - box.left) / box.width) * this.visible)
    const within = track.direction ? column >= 1 && column <= track.T + 1 : column >= 0 && column <= track.T
    if (!within) return null
    const unit = Math.max(0, Math.min(track.H - 1, Math.floor(((event.clientY - box.top) / box.height) * track.H)))
    return { track, column, unit }
  }

  // A range of steps is dragged along an input row, where the page asks for one.
  startRange(event) {
    const hit = this.data?.ranges && this.cellAt(event)
    if (!hit || hit.track.type !== "input" || !hit.column) return
    this.dragged = [hit.column, hit.column]
    this.tracks.setPointerCapture(event.pointerId)
  }

  dragRange(event) {
    const box = this.rows[0].stage.getBoundingClientRect()
    const column = this.first + Math.floor(((event.clientX - box.left) / box.width) * this.visible)
    this.dragged[1] = Math.max(1, Math.min(this.data.T, column))
    const [from, to] = [...this.dragged].sort((a, b) => a - b)
    if (to > from) { this.range = [from, to]; this.moved() }
  }

  endRange() {
    if (!this.dragged) return
    this.picked = this.dragged[0] !== this.dragged[1] // the click that follows is no choice of a step
    this.dragged = null
    if (this.picked) this.rest()
  }

  hover(event) {
    if (this.dragged) { this.dragRange(event); return }
    const hit = this.cellAt(event)
    this.tip.style.display = hit ? "block" : "none"
    if (!hit) return
    const { track, column, unit } = hit
    if (this.future.value === "hidden" && this.read(track, column) > this.step) {
      this.tip.textContent = "not read yet"
      this.placeTip(event)
      return
    }
    const [where, what] = track.type === "heat" ? this.describeAt(track, unit, column).split(": ") : []
    this.tip.textContent = where ? `${what} · ${where}`
      : column ? `step ${column}${named(track.labels[column - 1], column)}: ${inputs(track, column - 1)}` : "before the first input"
    this.placeTip(event)
  }

  read(track, column) { return track.direction ? track.T + 1 - column : column } // after how many steps

  placeTip(event) {
    const box = this.root.getBoundingClientRect()
    const wide = this.tip.offsetWidth
    this.tip.style.left = `${Math.max(0, Math.min(box.width - wide, event.clientX - box.left + 12))}px`
    this.tip.style.top = `${event.clientY - box.top - 34}px`
  }

  pick(event) {
    const hit = !this.picked && this.cellAt(event)
    this.picked = false
    if (!hit) return
    this.stop()
    const { track, column, unit } = hit
    if (track.type === "heat") this.selected = { run: track.run, layer: track.layer, direction: track.direction, unit }
    this.go(this.read(track, column), 0)
  }

  key(event) {
    const tag = event.target.tagName
    if (event.ctrlKey || event.metaKey || event.altKey || tag === "SELECT" || !this.data?.T) return
    if (event.key === " " && tag !== "BUTTON" && event.target.type !== "checkbox") this.toggle()
    else if (event.key === "ArrowRight") { this.stop(); this.go(this.step + (event.shiftKey ? 10 : 1)) }
    else if (event.key === "ArrowLeft") { this.stop(); this.go(this.step - (event.shiftKey ? 10 : 1)) }
    else if (event.key === "Home") { this.stop(); this.go(0) }
    else if (event.key === "End") { this.stop(); this.go(this.data.T) }
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") this.moveUnit(event.key === "ArrowDown" ? 1 : -1)
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  moveUnit(by) { // through all units of all heatmaps, from top to bottom
    const cells = this.data.tracks.filter((track) => track.type === "heat")
      .flatMap(({ run, layer, direction, H }) => Array.from({ length: H }, (_, unit) => ({ run, layer, direction, unit })))
    const at = this.selected ? cells.findIndex((cell) => same(cell, this.selected) && cell.unit === this.selected.unit) + by : 0
    this.selected = cells[Math.max(0, Math.min(cells.length - 1, at))]
    this.moved()
    this.rest()
  }
}

function number(value) {
  if (!Number.isFinite(value)) return String(value)
  return Math.abs(value) >= 1e4 || (value && Math.abs(value) < 1e-4) ? value.toExponential(2) : value.toFixed(4)
}

function named(label, step) { return label === String(step) ? "" : ` (${label})` }

function inputs({ x, I, features }, t) {
  const row = x.subarray(t * I, t * I + I)
  const shown = I <= 6 ? I : 3
  const hot = I > 3 ? row.indexOf(1) : -1
  if (hot >= 0) return `${features[hot]} = 1`
  const parts = Array.from({ length: shown }, (_, i) => `${features[i]} = ${number(row[i])}`)
  return parts.join(", ") + (I > shown ? `, and ${I - shown} more` : "")
}

function same(a, b) {
  return a.run === b.run && a.layer === b.layer && a.direction === b.direction
}
