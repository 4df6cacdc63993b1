// A cell of a heatmap: {run, layer, direction, unit}. Of a large layer only every k-th unit has a
// row, k its track's stride.

export function inHeatmap(cell, track) {
  return cell.run === track.run && cell.layer === track.layer && cell.direction === track.direction
}

export function cellBeside(tracks, cell, by) { // through all units of all heatmaps, from top to bottom
  const cells = tracks.filter((track) => track.type === "heat").flatMap((track) => {
    const { run, layer, direction, H } = track
    return Array.from({ length: H }, (_, row) => ({ run, layer, direction, unit: unitOf(track, row) }))
  })
  const last = cell ? cells.findLastIndex((each) => inHeatmap(each, cell) && each.unit <= cell.unit) : 0
  const at = cell ? last + by : 0
  return cells[Math.max(0, Math.min(cells.length - 1, at))]
}

export function unitOf({ stride = 1 }, row) { return row * stride }

export function rowOf({ stride = 1 }, unit) { return Math.floor(unit / stride) } // of the unit or of the one before it

export function hasUnit(track, unit) { return unit % (track.stride ?? 1) === 0 && rowOf(track, unit) < track.H }
