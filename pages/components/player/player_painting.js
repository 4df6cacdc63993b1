// How the player looks: columns to pixels, values to colours. player_reading.js continues
// this file with what can be read from it, player.js with what happens over time; they reach the
// browser as one module.

class Painting {
  // ---- geometry: columns to pixels -------------------------------------------------------------

  get columns() { // h_0 at the left end and, with a reverse direction, at the right end too
    const reverse = this.data.tracks.some((track) => track.direction)
    return Math.max(this.data.capacity, this.data.T) + (reverse ? 2 : 1)
  }
  get visible() { return Math.max(2, Math.ceil(this.columns / this.zoom)) }
  left(column) { return ((column - this.first) / this.visible) * this.width }

  theme() {
    const style = getComputedStyle(this.root)
    return style.getPropertyValue("--st-background-color") + style.color
  }

  layout() {
    const style = getComputedStyle(this.root)
    this.painted = this.theme()
    this.colours = { background: rgb(style.getPropertyValue("--st-background-color")), ink: style.color,
      accent: style.getPropertyValue("--st-primary-color"), line: style.getPropertyValue("--st-border-color") }
    this.ratio = Math.min(2, window.devicePixelRatio || 1)
    this.width = this.rows[0].stage.clientWidth
    if (!this.width) return
    const heights = this.heights()
    this.rows.forEach((row, index) => {
      row.height = heights[index]
      row.stage.style.height = `${row.height}px`
      row.canvas.width = Math.round(this.width * this.ratio)
      row.canvas.height = Math.round(row.height * this.ratio)
    })
    this.first = this.zoom === 1 ? 0 : this.clampFirst(this.step - this.visible / 2)
    this.signed = this.colourTable(false)
    this.gate = this.colourTable(true)
    this.legend()
    this.paint()
    this.veilFuture()
    this.moved()
  }

  heights() {
    const phone = this.width < 420
    const heats = this.rows.filter((row) => row.track.type === "heat")
    const gesture = this.rows[0].track.kind === "gesture" // its pad and ink are tall, and Play must stay in view
    const budget = Math.min(420, Math.max(150, window.innerHeight * (phone ? 0.22 : gesture ? 0.27 : 0.33)))
    const share = (budget - 6 * heats.length) / Math.max(1, heats.length)
    return this.rows.map(({ track }) => {
      if (track.type === "heat") return Math.round(Math.max(26, Math.min(track.H * 26, share)))
      return { text: 30, gesture: Math.min(88, Math.round(window.innerHeight * 0.09)) }[track.kind] ?? (this.rows.length - heats.length > 1 ? 36 : 52)
    })
  }

  clampFirst(column) { return Math.max(0, Math.min(Math.round(column), this.columns - this.visible)) }

  // ---- painting, once per data or size ---------------------------------------------------------

  get ends() {
    const { ends, fit, sequential } = this.data
    if (sequential) return this.fitted.gate ? fit : ends
    return this.fitted.signed ? ends : [-1, 1]
  }

  colourTable(sequential) {
    const { negative, positive, gate } = this.data.palette
    const zero = this.colours.background
    const table = new Uint32Array(512) // 0 at index 0 for gates, at 255 for signed values
    for (let k = 0; k < 512; k++) {
      const [to, share] = sequential ? [gate, k / 511] : k < 255 ? [negative, (255 - k) / 255] : [positive, (k - 255) / 256]
      const [r, g, b] = to.map((c, i) => Math.round(zero[i] + (c - zero[i]) * share))
      table[k] = (255 << 24) | (b << 16) | (g << 8) | r
    }
    return table
  }

  painter(track) { // value -> pixel
    const table = track.sequential ? this.gate : this.signed
    const [low, high] = track.end ? [-track.end, track.end] : this.ends // a difference has its own scale
    const [zero, scale] = track.sequential ? [0, 511 / (high - low)] : [255, 255 / high]
    const from = track.sequential ? low : 0
    return (value) => {
      if (Number.isNaN(value)) return 0xff888888
      const k = zero + (value - from) * scale
      return table[k < 0 ? 0 : k > 511 ? 511 : k | 0]
    }
  }

  paint() {
    for (const row of this.rows) {
      if (row.track.type === "heat") this.paintHeatmap(row)
      else this.paintInput(row)
    }
    this.paintAxis()
  }

  paintAxis() { // which column is which step, below the last heatmap
    const { T } = this.data
    const canvas = this.axis
    canvas.width = Math.round(this.width * this.ratio)
    canvas.height = Math.round(16 * this.ratio)
    const context = canvas.getContext("2d")
    context.scale(this.ratio, this.ratio)
    context.font = `12px ${getComputedStyle(this.root).fontFamily}`
    context.fillStyle = this.colours.ink
    context.globalAlpha = 0.7
    context.textAlign = "center"
    context.textBaseline = "middle"
    const wide = this.width / this.visible
    const write = (text, column) => {
      const half = context.measureText(text).width / 2
      const middle = this.left(column) + wide / 2
      if (middle > 0 && middle < this.width) context.fillText(text, Math.max(half, Math.min(this.width - half, middle)), 9)
    }
    if (!T) return
    const apart = [1, 2, 5, 10, 20, 50, 100, 200, 500].find((steps) => steps * wide >= 46) ?? 1000
    const ends = this.data.tracks.some((track) => track.direction) ? T + 1 : null
    if (this.data.tracks.some((track) => track.type === "heat" && !track.direction)) write("h₀", 0)
    if (ends) write("h₀", ends)
    for (let t = apart; t <= T; t += apart) if (!ends || (ends - t) * wide > 24) if (t * wide > 20) write(String(t), t)
  }

  paintHeatmap({ canvas, track }) {
    const { T, H, direction, values, initial } = track
    const context = canvas.getContext("2d")
    context.clearRect(0, 0, canvas.width, canvas.height)
    if (!T) return
    const start = direction ? T + 1 : 0 // the column of h_0
    const image = new ImageData(this.visible, H)
    const pixels = new Uint32Array(image.data.buffer)
    const colour = this.painter(track)
    for (let column = this.first; column < this.first + this.visible; column++) {
      const isInitial = column === start && initial.length
      if (!isInitial && (column < 1 || column > T)) continue
      const from = isInitial ? 0 : (column - 1) * H
      const source = isInitial ? initial : values
      for (let unit = 0; unit < H; unit++) {
        pixels[unit * this.visible + column - this.first] = colour(source[from + unit])
      }
    }
    this.cleared.width = this.visible
    this.cleared.height = H
    this.cleared.getContext("2d").putImageData(image, 0, 0)
    this.spread(context, canvas, H)
    this.gaps(context, canvas, H)
  }

  // Units are averaged where there are more than pixels, but steps must not run into each other:
  // the picture is shrunk first and widened, without smoothing, afterwards.
  spread(context, canvas, H) {
    const small = document.createElement("canvas")
    small.width = Math.min(canvas.width, this.visible)
    small.height = Math.min(canvas.height, H)
    const shrinking = small.getContext("2d")
    shrinking.imageSmoothingQuality = "high"
    shrinking.drawImage(this.cleared, 0, 0, small.width, small.height)
    context.imageSmoothingEnabled = false
    context.drawImage(small, 0, 0, canvas.width, canvas.height)
  }

  gaps(context, canvas, H) {
    const gap = Math.round(this.ratio)
    const wide = canvas.width / this.visible
    const high = canvas.height / H
    if (wide >= 5 * this.ratio) for (let c = 1; c < this.visible; c++) context.clearRect(Math.round(c * wide), 0, gap, canvas.height)
    if (high >= 5 * this.ratio) for (let u = 1; u < H; u++) context.clearRect(0, Math.round(u * high), canvas.width, gap)
  }

  paintInput(row) {
    const context = row.canvas.getContext("2d")
    context.setTransform(1, 0, 0, 1, 0, 0)
    context.clearRect(0, 0, row.canvas.width, row.canvas.height)
    context.scale(this.ratio, this.ratio)
    const { kind, T, wave } = row.track
    row.veil.style.display = kind === "gesture" ? "none" : ""
    if (!T) return
    if (kind === "text") this.paintText(context, row)
    else if (kind === "audio" && wave) this.paintWave(context, row)
    else if (kind !== "gesture") this.paintCurves(context, row)
  }

  paintText(context, row) {
    const wide = this.width / this.visible
    const { T, labels } = row.track
    const words = labels.filter((text) => [...text].length > 2).length > T / 4
    if (!words && wide < 4.3) return this.paintCurves(context, row)
    const font = (size) => { context.font = `600 ${size}px ui-monospace, monospace` }
    font(20)
    const longest = Math.max(...labels.map((text) => context.measureText(text).width))
    font(Math.min(20, Math.max(words ? 11 : 0.75 * wide, (20 * 0.92 * wide) / longest)))
    context.fillStyle = this.colours.ink
    context.textAlign = "center"
    context.textBaseline = "middle"
    const apart = words ? Math.ceil(34 / wide) : 1 // where there is no room for each word, some stand for all
    for (let t = Math.max(1, this.first); t <= Math.min(T, this.first + this.visible); t++) {
      if ((t - 1) % apart) continue
      const text = words ? shortened(context, labels[t - 1], wide * apart * 0.94) : labels[t - 1]
      const half = context.measureText(text).width / 2
      const middle = this.left(t) + wide / 2
      context.fillText(text, Math.max(half, Math.min(this.width - half, middle)), row.height / 2)
    }
  }

  paintWave(context, row) {
    const { wave, T } = row.track
    const points = wave.length / 2
    const middle = row.height / 2
    context.fillStyle = this.colours.ink
    for (let p = 0; p < points; p++) {
      const x = this.left(1 + (p / points) * T)
      const [low, high] = [wave[2 * p], wave[2 * p + 1]]
      context.fillRect(x, middle - high * middle * 0.95, Math.max(1, (T / points) * (this.width / this.visible)), Math.max(1, (high - low) * middle * 0.95))
    }
  }

  paintCurves(context, row) {
    const { T, I, x, range: [low, high] } = row.track
    const y = (value) => curveY(row, value)
    const half = this.width / this.visible / 2
    if (low < 0 && high > 0) {
      context.strokeStyle = this.colours.line
      context.beginPath()
      context.moveTo(0, y(0)); context.lineTo(this.width, y(0)); context.stroke()
    }
    const shown = Math.min(I, 12) // more lines than this are a smear; the heatmap shows the rest's effect
    context.lineJoin = "round"
    context.strokeStyle = context.fillStyle = this.colours.ink
    for (let i = 0; i < shown; i++) {
      context.globalAlpha = shown === 1 ? 1 : 1 - (0.75 * i) / shown
      context.lineWidth = shown === 1 ? 2 : 1.5
      context.beginPath()
      for (let t = 0; t < T; t++) context.lineTo(this.left(t + 1) + half, y(x[t * I + i]))
      if (T === 1) context.arc(this.left(1) + half, y(x[i]), 2, 0, 7)
      context.stroke()
    }
    context.globalAlpha = 1
    if (row.track.changed) this.paintChanged(context, row, y, half)
  }

  paintChanged(context, row, y, half) { // what Hands on lets the network read instead
    const { T, I, x, changed } = row.track
    context.strokeStyle = context.fillStyle = this.colours.accent
    context.lineWidth = 2
    for (let i = 0; i < I; i++) {
      for (let t = 0; t < T; t++) {
        if (changed[t * I + i] === x[t * I + i]) continue
        const at = this.left(t + 1) + half
        context.beginPath()
        context.moveTo(at, y(x[t * I + i])); context.lineTo(at, y(changed[t * I + i]))
        context.stroke()
        context.beginPath()
        context.arc(at, y(changed[t * I + i]), 4, 0, 7)
        context.fill()
      }
    }
  }

  paintInk(row) {
    // the gesture in its own shape: what has been written is ink, the rest is faint
    const { ink, T } = row.track
    const context = row.canvas.getContext("2d")
    context.clearRect(0, 0, this.width, row.height)
    const [xs, ys] = [0, 1].map((k) => Array.from({ length: T }, (_, t) => ink[3 * t + k]))
    const [west, east, south, north] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)]
    const size = Math.min((row.height - 12) / (north - south || 1e-6), (this.width - 12) / (east - west || 1e-6))
    const at = (t) => [6 + (xs[t] - west) * size, row.height / 2 - (ys[t] - (south + north) / 2) * size]
    context.lineWidth = 2.5
    context.lineCap = "round"
    context.strokeStyle = this.colours.ink
    for (let t = 1; t < T; t++) {
      if (ink[3 * (t - 1) + 2] > 0.5) continue
      context.globalAlpha = t < this.step ? 1 : this.future.value === "hidden" ? 0 : 0.14
      context.beginPath(); context.moveTo(...at(t - 1)); context.lineTo(...at(t)); context.stroke()
    }
    context.globalAlpha = 1
    if (this.step > 0 && T) {
      context.fillStyle = this.colours.accent
      context.beginPath(); context.arc(...at(Math.min(this.step, T) - 1), 5, 0, 7); context.fill()
    }
  }

  legend() {
    const canvas = this.find(".legend canvas")
    const context = canvas.getContext("2d")
    const image = context.createImageData(canvas.width, canvas.height)
    const pixels = new Uint32Array(image.data.buffer)
    const { sequential } = this.data
    const table = sequential ? this.gate : this.signed
    for (let p = 0; p < pixels.length; p++) pixels[p] = table[Math.round(((p % canvas.width) / (canvas.width - 1)) * 511)]
    context.putImageData(image, 0, 0)
    const [low, high] = this.ends
    this.find(".low").textContent = signed(low, sequential)
    this.find(".high").textContent = signed(high, sequential)
    const { caption } = this.data
    const at = caption.lastIndexOf(" · ") // a long name is cut, its number of steps never
    this.find(".name span").textContent = at < 0 ? caption : caption.slice(0, at)
    this.find(".name b").textContent = at < 0 ? "" : caption.slice(at)
    const scale = this.find(".scale")
    const fits = this.fitted[sequential ? "gate" : "signed"]
    const whole = sequential ? "0–1" : "±1"
    scale.textContent = fits ? "scale fit" : `scale ${whole}`
    label(scale, fits ? `Colour scale fits the data: fix it to ${whole}` : `Colour scale fixed to ${whole}: fit it to the data`)
  }
}

function shortened(context, text, room) {
  if (context.measureText(text).width <= room) return text
  const letters = [...text]
  while (letters.length > 1 && context.measureText(`${letters.join("")}…`).width > room) letters.pop()
  return `${letters.join("")}…`
}

function rgb(colour) {
  const context = document.createElement("canvas").getContext("2d")
  context.fillStyle = colour.trim() || "#fff"
  context.fillRect(0, 0, 1, 1)
  return [...context.getImageData(0, 0, 1, 1).data.slice(0, 3)]
}

function signed(value, plain) {
  const text = Math.abs(value) >= 1e4 ? value.toExponential(1) : Math.abs(value).toPrecision(2).length > 5 ? value.toExponential(0) : Math.abs(value) >= 10 ? value.toFixed(0) : value.toFixed(2)
  return (plain || value < 0 ? text : `+${text}`).replace("-", "−")
}

function curveY(row, value) {
  const [low, high] = row.track.range
  return row.height - 5 - ((value - low) / (high - low || 1)) * (row.height - 10)
}
