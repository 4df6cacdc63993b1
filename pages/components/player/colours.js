// Values to colours, as palette.py has them: blue, grey, orange; grey, teal for gates.

const ENTRIES = 512
const ZERO = 255 // where a signed table has its middle
const NO_NUMBER = 0xff888888

export function scaleEnds({ ends, fit, sequential }, fitted) { // fitted: whether gates, and signed values, fill the scale
  if (sequential) return fitted.gate ? fit : ends
  return fitted.signed ? ends : [-1, 1]
}

export function haveOwnScales(tracks) { // each heatmap its own, as differences do: the legend has no ends then
  const heats = tracks.filter(({ type }) => type === "heat")
  return heats.length > 0 && heats.every(({ end }) => end)
}

export function paletteOn(palettes, [r, g, b]) { // the one for a background: light or dark
  return r + g + b > 384 ? palettes.light : palettes.dark
}

export function colourTable({ middle, negative, positive, gate }, sequential) { // pixels, from low to high
  const table = new Uint32Array(ENTRIES)
  for (let k = 0; k < ENTRIES; k++) {
    const [to, share] = sequential ? [gate, k / (ENTRIES - 1)]
      : k < ZERO ? [negative, (ZERO - k) / ZERO] : [positive, (k - ZERO) / (ENTRIES - 1 - ZERO)]
    const [r, g, b] = to.map((c, i) => Math.round(middle[i] + (c - middle[i]) * share))
    table[k] = (255 << 24) | (b << 16) | (g << 8) | r
  }
  return table
}

export function colourOf(table, [low, high], sequential) { // value -> pixel
  const [start, from, scale] = sequential
    ? [0, low, (ENTRIES - 1) / (high - low)] : [ZERO, 0, ZERO / high]
  return (value) => {
    if (Number.isNaN(value)) return NO_NUMBER
    const k = start + (value - from) * scale
    return table[k < 0 ? 0 : k > ENTRIES - 1 ? ENTRIES - 1 : k | 0]
  }
}

export function ramp(table, width) { // the table as a row of pixels
  return Uint32Array.from({ length: width }, (_, p) => table[Math.round((p / (width - 1)) * (ENTRIES - 1))])
}
