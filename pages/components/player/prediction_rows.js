// The rows of a prediction: one for each class or value; of many classes the likeliest five.

const MOST_CLASSES = 8 // with a row each
const MOST_VALUES = 12
export const RANKS = ["1st", "2nd", "3rd", "4th", "5th"]
const LOW = 18 // pixels, a row among many
const HIGH = 24
const ALONE = 52

export function isRanked({ kind, K }) { return kind === "classes" && K > MOST_CLASSES }

export function rowNames(track) {
  return isRanked(track) ? RANKS : track.kind === "classes" ? track.names : track.names.slice(0, MOST_VALUES)
}

export function answersText(track) { // "most likely next character": what 1st to 5th are, and what is marked
  const { answers = "", target } = track
  if (!isRanked(track)) return answers
  return `most likely ${answers.replace(/^the (likeliest )?/, "")}${target ? " · marked: the right one" : ""}`
}

export function isAlone({ kind, K }) { return kind === "values" && K === 1 } // one curve needs no list of names

export function predictionHeight(track) {
  const count = rowNames(track).length
  return isAlone(track) ? ALONE : count * (count <= 4 ? HIGH : LOW)
}

export function likeliest({ values, K }, t, count = RANKS.length) { // classes at a step, the likeliest first
  const best = []
  for (let k = 0; k < K; k++) {
    const p = values[t * K + k]
    let at = best.length
    while (at > 0 && p > values[t * K + best[at - 1]]) at--
    if (at >= count) continue
    best.splice(at, 0, k)
    if (best.length > count) best.pop()
  }
  return best
}

const rankedValues = new WeakMap() // the film brings the same values again and again

export function ranks(track) { // {classes, values}, (T, 5) both
  let made = rankedValues.get(track.values)
  if (made) return made
  const { T, K, values } = track
  const count = RANKS.length
  made = { classes: new Int32Array(T * count), values: new Float32Array(T * count) }
  for (let t = 0; t < T; t++) {
    likeliest(track, t).forEach((k, rank) => {
      made.classes[t * count + rank] = k
      made.values[t * count + rank] = values[t * K + k]
    })
  }
  rankedValues.set(values, made)
  return made
}

export function unitAt(track, share, t) { // share: of the height; t: the step, from 0
  const count = rowNames(track).length
  const row = Math.max(0, Math.min(count - 1, Math.floor(share * count)))
  return isRanked(track) ? ranks(track).classes[t * count + row] : row
}

export function rowOfUnit(track, unit, t) { // -1: it has none at this step
  const count = rowNames(track).length
  if (!isRanked(track)) return unit < count ? unit : -1
  return ranks(track).classes.subarray(t * count, t * count + count).indexOf(unit)
}

export function laneRange({ range, ranges }, k) { return ranges?.[k] ?? range } // what a value's lane spans

export function valueY(track, height, k, value) { // each value has a lane of its own
  const { K } = track
  const [low, high] = laneRange(track, k)
  const lane = height / Math.min(K, MOST_VALUES)
  const margin = K === 1 ? 5 : 3
  return (k + 1) * lane - margin - ((value - low) / (high - low || 1)) * (lane - 2 * margin)
}
