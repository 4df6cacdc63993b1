// A cell of a heatmap: {run, layer, direction, unit}.

export function inHeatmap(cell, track) {
  return cell.run === track.run && cell.layer === track.layer && cell.direction === track.direction
}

export function cellBeside(tracks, cell, by) { // through all units of all heatmaps, from top to bottom
  const cells = tracks.filter((track) => track.type === "heat").flatMap(({ run, layer, direction, H }) =>
    Array.from({ length: H }, (_, unit) => ({ run, layer, direction, unit })))
  const at = cell ? cells.findIndex((each) => inHeatmap(each, cell) && each.unit === cell.unit) + by : 0
  return cells[Math.max(0, Math.min(cells.length - 1, at))]
}
