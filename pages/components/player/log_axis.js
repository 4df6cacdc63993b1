// A logarithmic axis: what it spans, its ticks, and where a value stands on it.

const LEAST_SPAN = 4 // from its low to its high end: less makes a mountain of noise
const MARGIN_SHARE = 0.06

export function logAxis(values) { // [low, high]; of the values that have a logarithm
  const positive = values.filter((value) => Number.isFinite(value) && value > 0)
  if (!positive.length) return [0.1, 1]
  let [low, high] = [Math.min(...positive), Math.max(...positive)]
  const wider = Math.sqrt(Math.max(1, LEAST_SPAN / (high / low)))
  low /= wider
  high *= wider
  const margin = (high / low) ** MARGIN_SHARE
  return [low / margin, high * margin]
}

export function logShare([low, high], value) { // 0 at the low end, 1 at the high one
  if (!(value > 0)) return value === 0 ? 0 : NaN
  return Math.max(0, Math.min(1, Math.log(value / low) / Math.log(high / low)))
}

export function logTicks([low, high], most = 5) { // whole powers of ten, between them 2 and 5 where there are few
  const within = (factors) => {
    const ticks = []
    for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power++) {
      for (const factor of factors) {
        const tick = Number(`${factor}e${power}`)
        if (tick >= low && tick <= high) ticks.push(tick)
      }
    }
    return ticks
  }
  const fine = [within([1, 2, 5]), within([1, 3]), within([1])].find((ticks) => ticks.length <= most)
  if (fine?.length) return fine
  const powers = within([1])
  const apart = Math.ceil(powers.length / most)
  return powers.length ? powers.filter((_, k) => k % apart === 0) : [Number(Math.sqrt(low * high).toPrecision(2))]
}

export function tickText(value) {
  return value >= 0.001 && value < 10000 ? String(value) : value.toExponential(0).replace("e+", "e").replace("-", "−")
}
