// A cell of a heatmap or of a prediction: {run, layer, direction, unit}. Of a large layer only every
// k-th unit has a row, k its track's stride. A prediction's layer is -1, its units are its outputs.

export function hasCells({ type }) { return type === "heat" || type === "prediction" }

export function countUnits({ H, K }) { return H ?? K ?? 1 }

export function inHeatmap(cell, track) {
  return cell.run === track.run && cell.layer === track.layer && cell.direction === track.direction
}

export function cellBeside(tracks, cell, by) { // through all units of all tracks, from top to bottom
  const cells = tracks.filter(hasCells).flatMap((track) => {
    const { run, layer, direction } = track
    return Array.from({ length: countUnits(track) }, (_, row) => ({ run, layer, direction, unit: unitOf(track, row) }))
  })
  const last = cell ? cells.findLastIndex((each) => inHeatmap(each, cell) && each.unit <= cell.unit) : 0
  const at = cell ? last + by : 0
  return cells[Math.max(0, Math.min(cells.length - 1, at))]
}

export function unitOf({ stride = 1 }, row) { return row * stride }

export function rowOf({ stride = 1 }, unit) { return Math.floor(unit / stride) } // of the unit or of the one before it

export function hasUnit(track, unit) { return unit % (track.stride ?? 1) === 0 && rowOf(track, unit) < countUnits(track) }
