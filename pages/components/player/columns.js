// Steps and columns: which column belongs to a step, and which columns are in view.
//
// A step k says how many steps have been read, 0 (h_0) to T. Heatmaps have a column for h_0 and one
// for each step; the reverse direction reads from the right, so its h_0 stands in a last column and
// its columns fill in from right to left. A prediction that is shifted belongs to a later step than
// the one after which it was made, and stands in that step's column. What a network goes on with by
// itself stands in the columns after the last step.

export function columnOf({ type, T, direction, shift }, step) {
  if (direction) return Math.max(1, T + 1 - step)
  return Math.min(step, type === "heat" ? T : Math.max(T, 1)) + (type === "prediction" ? shift : 0)
}

export function stepOf({ type, T, direction, shift }, column) { // after how many steps a column is read
  if (type === "input") return Math.min(column, Math.max(T, 1))
  return direction ? T + 1 - column : column - (type === "prediction" ? shift : 0)
}

export function initialColumn({ T, direction }) { return direction ? T + 1 : 0 }

export function hasColumn(track, column) {
  const { type, T, direction, shift } = track
  if (type === "input" && shift) return column >= 0 && column <= T + Math.max(shift, countAhead(track)) // what is predicted last
  if (type === "prediction") return column > shift && column <= T + shift
  return direction ? column >= 1 && column <= T + 1 : column >= 0 && column <= T + countAhead(track)
}

export function countAhead({ type, ahead, H, K }) { // steps after its last one for which a network goes on by itself
  return ahead ? ahead.length / (type === "heat" ? H : K) : 0
}

export function countColumns({ tracks, capacity, T, ahead }) { // h_0 at the left end, with a reverse direction at the right, too
  const beyond = Math.max(...tracks.map(({ direction, shift = 0 }) => (direction ? 1 : shift))) // or what is predicted last
  return Math.max(capacity, T) + 1 + Math.max(beyond, ahead ?? 0) // ahead: room that stays while a hand draws
}

export class Viewport { // the columns in view, and where they stand in pixels
  columns = 1
  zoom = 1
  first = 0 // the first visible column
  width = 0
  ratio = 1 // device pixels a pixel

  get visible() { return Math.max(2, Math.ceil(this.columns / this.zoom)) }

  get columnWidth() { return this.width / this.visible }

  left(column) { return ((column - this.first) / this.visible) * this.width }

  columnAt(share) { return this.first + Math.floor(share * this.visible) } // share of the width

  clamp(column) { return Math.max(0, Math.min(Math.round(column), this.columns - this.visible)) }

  centre(column) { this.first = this.zoom === 1 ? 0 : this.clamp(column - this.visible / 2) }

  follow(column) { // keep a column in view; whether others came into view for it
    if (column >= this.first && column < this.first + this.visible - 1) return false
    const before = this.first
    this.first = this.clamp(column < before ? column - this.visible + 2 : column - 1)
    return this.first !== before
  }
}
