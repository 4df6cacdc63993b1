// Numbers as they are shown: a value in full, the end of a scale in two digits.

const SMALLEST_FIXED = 1e-8
const LARGEST_FIXED = 1e7

// The rule of seqviz/labels.py, number: tests/seqviz/number_cases.json holds both to it.
export function valueText(value, digits = 4) {
  return plain(value, digits).replaceAll("-", "−")
}

function plain(value, digits) {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf"
  const size = Math.abs(value)
  if (size === 0) return (0).toFixed(digits)
  if (size >= 10 ** (1 - digits) && size < LARGEST_FIXED) return value.toFixed(digits)
  const figures = value.toExponential(digits - 1)
  if (size < SMALLEST_FIXED || size >= LARGEST_FIXED) return figures
  const exponent = Number(figures.split("e")[1])
  return value.toFixed(digits - 1 - exponent)
}

export function endText(value, sequential) { // with a sign unless the scale begins at 0
  const text = digits(value, Math.abs(value))
  return (sequential || value < 0 ? text : `+${text}`).replaceAll("-", "−")
}

function digits(value, size) {
  if (size >= 1e4) return value.toExponential(1)
  if (size >= 10) return value.toFixed(0)
  return size.toPrecision(2).length > 5 ? value.toExponential(0) : value.toFixed(2)
}
