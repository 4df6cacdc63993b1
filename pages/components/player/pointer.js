// What the pointer reads and chooses: values, cells, steps and ranges of them.

import { hasCells, unitOf } from "./cells.js"
import { hasColumn, stepOf } from "./columns.js"
import { unitAt } from "./prediction_rows.js"
import { tipText } from "./readout.js"

export class Pointer {
  constructor(player, tip) {
    this.player = player
    this.tip = tip
    const { tracks } = player
    tracks.onpointermove = (event) => this.hover(event)
    tracks.onpointerleave = () => this.hideTip()
    tracks.onclick = (event) => this.pick(event)
    tracks.onpointerdown = (event) => this.startRange(event)
    tracks.onpointerup = tracks.onpointercancel = () => this.endRange()
  }

  cellAt(event) { // {track, column, unit}; null beside all cells
    const { rows, data, viewport } = this.player
    const row = rows?.find(({ stage }) => stage.contains(event.target))
    if (!row || !data.T) return null
    const { track } = row
    const box = row.stage.getBoundingClientRect()
    const column = viewport.columnAt((event.clientX - box.left) / box.width)
    if (!hasColumn(track, column)) return null
    return { track, column, unit: unitUnder(track, (event.clientY - box.top) / box.height, column) }
  }

  pick(event) {
    const hit = !this.picked && this.cellAt(event)
    this.picked = false
    if (!hit) return
    const { track, column, unit } = hit
    const { run, layer, direction } = track
    if (event.pointerType === "touch") this.hover(event) // no pointer rests above a cell there
    this.player.choose(hasCells(track) ? { run, layer, direction, unit } : null, stepOf(track, column))
  }

  // ---- a range of steps is dragged along an input row, where the page asks for one --------------

  startRange(event) {
    const hit = this.player.data?.ranges && this.cellAt(event)
    if (!hit || hit.track.type !== "input" || !hit.column) return
    this.dragged = [hit.column, hit.column]
    this.player.tracks.setPointerCapture(event.pointerId)
  }

  dragRange(event) {
    const { rows, data, viewport } = this.player
    const box = rows[0].stage.getBoundingClientRect()
    const column = viewport.columnAt((event.clientX - box.left) / box.width)
    this.dragged[1] = Math.max(1, Math.min(data.T, column))
    const [from, to] = [...this.dragged].sort((a, b) => a - b)
    if (to > from) this.player.showRange([from, to])
  }

  endRange() {
    if (!this.dragged) return
    this.picked = this.dragged[0] !== this.dragged[1] // the click that follows is no choice of a step
    this.dragged = null
    if (this.picked) this.player.rest()
  }

  // ---- the tip ------------------------------------------------------------------------------------

  hover(event) {
    if (this.dragged) { this.dragRange(event); return }
    const hit = this.cellAt(event)
    const { target, clientX, clientY } = event // which an event forgets once it has been heard
    this.over = hit && { target, clientX, clientY }
    this.tip.style.display = hit ? "block" : "none"
    if (!hit) return
    const { track, column, unit } = hit
    const unread = this.player.futureHidden && stepOf(track, column) > this.player.step
    this.tip.textContent = unread ? "not read yet" : tipText(track, unit, column)
    this.placeTip(event)
  }

  placeTip(event) {
    const box = this.player.root.getBoundingClientRect()
    const wide = this.tip.offsetWidth
    this.tip.style.left = `${Math.max(0, Math.min(box.width - wide, event.clientX - box.left + 12))}px`
    this.tip.style.top = `${event.clientY - box.top - 34}px`
  }

  hideTip() {
    this.over = null
    this.tip.style.display = "none"
  }

  readAgain() { // new data: what a finger has tapped is answered by some, and no pointer rests there
    if (this.over && !this.dragged) this.hover(this.over)
  }
}

function unitUnder(track, share, column) { // share: of the row's height
  if (track.type === "prediction") return unitAt(track, share, stepOf(track, column) - 1)
  return unitOf(track, Math.max(0, Math.min(track.H - 1, Math.floor(share * track.H))))
}
