// A row painted, whatever it shows.

import { colourOf } from "./colours.js"
import { paintHeatmap } from "./heatmap.js"
import { paintInput } from "./input.js"
import { paintPrediction } from "./prediction.js"

export function paintRow(row, { viewport, theme, tables, ends, scratch }) {
  const { type } = row.track
  if (type === "heat") paintHeatmap(row, viewport, colourOfTrack(row.track, tables, ends), scratch)
  else if (type === "prediction") paintPrediction(row, viewport, theme, tables.gate, scratch)
  else paintInput(row, viewport, theme, tables.gate)
}

export function scaleKind(sequential) { return sequential ? "gate" : "signed" }

function colourOfTrack({ sequential, end }, tables, ends) {
  return colourOf(tables[scaleKind(sequential)], end ? [-end, end] : ends, sequential) // a difference has its own scale
}
