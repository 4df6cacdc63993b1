// A training in words: how far it is, how well it does, and how long it still takes.

const FINAL = ["done", "diverged", "failed"]
const SAID = { paused: "paused", stopped: "stopped", done: "done", diverged: "diverged", failed: "failed" }

export function count(number) { return String(number).replace(/\B(?=(\d{3})+$)/g, ",") }

export function shortNumber(value) { // three figures: "0.0123", "12.3", "1.2e-5"
  if (!Number.isFinite(value)) return "no number"
  const size = Math.abs(value)
  if (size && (size < 1e-4 || size >= 1e5)) return value.toExponential(1)
  return size >= 100 ? value.toFixed(0) : value.toPrecision(3)
}

export function percent(share) {
  const hundred = 100 * share
  return hundred > 99 && hundred < 100 ? `${Math.min(99.9, hundred).toFixed(1)} %` : `${hundred.toFixed(0)} %`
}

export function iterationText(iteration, iterations) {
  return `iteration ${count(iteration)} of ${count(iterations)}`
}

export function checkpointText(iteration, iterations) { return iteration ? iterationText(iteration, iterations) : "untrained" }

export function timeLeft(seconds) { // "" while nobody knows
  if (seconds === null || seconds === undefined) return ""
  if (seconds < 1) return "less than 1 s left"
  if (seconds < 100) return `about ${Math.round(seconds)} s left`
  if (seconds < 5400) return `about ${Math.round(seconds / 60)} min left`
  return `about ${Math.round(seconds / 3600)} h left`
}

export function progressText({ state, iteration, iterations, seconds_left, place }) {
  if (state === "stopped" && !iteration) return "not trained yet"
  if (state === "waiting") return place ? `place ${place} in the queue` : "waiting"
  const left = state === "running" ? timeLeft(seconds_left) : SAID[state]
  return [iterationText(iteration, iterations), left].filter(Boolean).join(" · ")
}

export function lossText({ loss, baselines, loss_name = "loss" }) {
  return measured(loss_name, loss.at(-1)?.[1], baselines[0]?.loss, shortNumber, baselines[0]?.named)
}

export function accuracyText({ accuracy, baselines }) {
  return measured("accuracy", accuracy.at(-1)?.[1], baselines[0]?.accuracy, percent)
}

export function normText({ gradient_norm, clip }) {
  const now = gradient_norm.at(-1)?.[1]
  const limit = isNumber(clip) ? `, clipped at ${shortNumber(clip)}` : ""
  return isNumber(now) ? `gradient norm ${shortNumber(now)}${limit}` : ""
}

function measured(name, value, baseline, text, named = "baseline") {
  if (!isNumber(value)) return ""
  const beside = isNumber(baseline) ? ` (${named} ${text(baseline)})` : ""
  return `${name} ${text(value)}${beside}`
}

function isNumber(value) { return typeof value === "number" }

export function trainingText(training) { // a line each
  return [progressText(training), lossText(training), accuracyText(training)].filter(Boolean).join("\n")
}

export function hasEnded(before, now) { // from one frame to the next
  return Boolean(before && now && FINAL.includes(now.state) && (before.state !== now.state || before.id !== now.id))
}

export function valueNear(curve, iteration) { // of the point that is closest; null of an empty curve
  let best = null
  for (const point of curve) if (!best || Math.abs(point[0] - iteration) <= Math.abs(best[0] - iteration)) best = point
  return best && best[1]
}
