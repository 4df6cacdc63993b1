// Beside the tracks: how far a training is, in words and in curves.

import { paintCurve } from "./curve_plot.js"
import { element } from "./elements.js"
import { LiveText } from "./live_text.js"
import { logAxis, logShare, logTicks, tickText } from "./log_axis.js"
import { accuracyText, checkpointText, count, iterationText, lossText, normText, percent, progressText, shortNumber, timeLeft, trainingText, valueNear } from "./training_text.js"

const SPOKEN = 15000 // milliseconds from one announcement to the next
const PERCENT_AXIS = { share: (value) => value, ticks: [0, 0.5, 1], text: (value) => percent(value) }

export class TrainingPanel {
  constructor(parent) {
    this.element = parent
    parent.setAttribute("role", "group")
    parent.setAttribute("aria-label", "Training")
    parent.innerHTML = `<div class="name"></div>
      <div class="progress" role="progressbar" aria-label="Training" aria-valuemin="0"><i></i></div>
      <div class="now"><div class="status"></div><div class="note" hidden></div></div><div class="charts"></div>`
    const find = (selector) => parent.querySelector(selector)
    this.name = find(".name")
    this.progress = find(".progress")
    this.note = find(".note")
    this.status = new LiveText(find(".status"), SPOKEN)
    this.charts = {}
    for (const [name, place] of Object.entries({ loss: ".now", accuracy: ".charts", norm: ".charts" })) this.charts[name] = this.addChart(find(place), name)
  }

  addChart(parent, name) {
    const figure = element("div", `chart ${name}`)
    const canvas = element("canvas")
    canvas.setAttribute("role", "img")
    const mark = element("i")
    const [title, marked] = [element("span"), element("span")]
    const caption = element("div", "caption")
    caption.append(title, marked)
    figure.append(caption, canvas, mark)
    parent.append(figure)
    return { figure, canvas, title, marked, mark, plot: null }
  }

  show(training, checkpoint) { // training: null where there is none; checkpoint: null for the newest
    const changed = this.training?.state !== training?.state
    this.training = training
    this.element.hidden = !training
    if (!training) return
    this.name.textContent = training.name
    this.showProgress(training)
    if (changed) this.status.forget() // what has happened is said at once
    this.status.say(trainingText(training))
    this.note.hidden = !training.note
    this.note.textContent = training.note
    this.note.classList.toggle("alert", training.state === "diverged" || training.state === "failed")
    this.showCharts(training)
    this.showCheckpoint(checkpoint)
  }

  showProgress({ state, iteration, iterations, seconds_left, place }) {
    this.progress.setAttribute("aria-valuemax", iterations)
    this.progress.setAttribute("aria-valuenow", iteration)
    const words = [iterationText(iteration, iterations), state === "running" ? timeLeft(seconds_left) : state === "waiting" && place ? `place ${place} in the queue` : state]
    this.progress.setAttribute("aria-valuetext", words.filter(Boolean).join(", "))
    this.progress.firstElementChild.style.width = `${(100 * iteration) / Math.max(1, iterations)}%`
  }

  showCharts({ loss, accuracy, gradient_norm }) {
    this.charts.loss.figure.hidden = !loss.length
    this.charts.accuracy.figure.hidden = !accuracy.length
    this.charts.norm.figure.hidden = !gradient_norm.length
  }

  showCheckpoint(checkpoint) { // null: the newest
    this.checkpoint = checkpoint
    if (!this.training) return
    const marked = markedTexts(this.training, checkpoint)
    const titles = titlesOf(this.training)
    for (const [name, chart] of Object.entries(this.charts)) {
      chart.title.textContent = marked[name] ? titles[name][0] : titles[name].join("") // both would be cut
      chart.marked.textContent = marked[name]
      chart.canvas.setAttribute("aria-label", chartText(this.training, name) + (marked[name] && `, ${marked[name]}`))
      placeMark(chart, checkpoint)
    }
  }

  paint(theme, ratio) {
    if (!this.training) return
    for (const [name, shown] of Object.entries(plots(this.training))) {
      const chart = this.charts[name]
      if (chart.figure.hidden) continue
      chart.plot = paintCurve(chart.canvas, shown, theme, ratio)
      placeMark(chart, this.checkpoint)
    }
  }
}

function placeMark({ mark, plot }, checkpoint) {
  mark.style.display = plot && checkpoint !== null ? "block" : "none"
  if (!plot || checkpoint === null) return
  const x = Math.max(plot.left, Math.min(plot.right, plot.x(checkpoint)))
  mark.style.transform = `translate(${x - 1}px, ${plot.top - plot.height}px)`
  mark.style.height = `${plot.bottom - plot.top}px`
}

function markedTexts({ loss, accuracy, gradient_norm, iterations }, checkpoint) { // what was measured at the checkpoint shown
  const at = (curve, text) => {
    if (checkpoint === null || !curve.length) return ""
    return `${text(valueNear(curve, checkpoint))} ${checkpoint ? "at " + count(checkpoint) : checkpointText(0, iterations)}`
  }
  return { loss: at(loss, shortNumber), accuracy: at(accuracy, percent), norm: at(gradient_norm, shortNumber) }
}

function titlesOf({ clip, baselines }) { // what is drawn, and what there is to add
  const chance = baselines[0]?.accuracy
  return {
    loss: ["loss", ", log axis"],
    accuracy: ["accuracy", typeof chance === "number" ? `, baseline ${percent(chance)}` : ""],
    norm: ["gradient norm", clip ? ` before clipping at ${clip}` : ""],
  }
}

function chartText(training, name) { // what a picture shows, as it is now
  const others = training.baselines.filter((each) => each.loss !== null).map((each) => `, ${each.answers}: ${shortNumber(each.loss)}`)
  return {
    loss: `Loss over iterations: ${lossText(training) || progressText(training)}${others.join("")}`,
    accuracy: `Accuracy over iterations: ${accuracyText(training)}`,
    norm: `Gradient norm over iterations: ${normText(training)}`,
  }[name]
}

function plots(training) {
  const { loss, accuracy, gradient_norm, clip, baselines, iterations } = training
  const baseline = baselines[0]
  return {
    loss: {
      iterations, curve: loss, numbered: true,
      ...onLog(loss, baseline?.loss, baseline && `${baseline.answers}: ${shortNumber(baseline.loss)}`),
    },
    accuracy: {
      iterations, curve: accuracy, axis: PERCENT_AXIS,
      line: typeof baseline?.accuracy === "number" ? { value: baseline.accuracy, text: "" } : null,
    },
    norm: { iterations, curve: gradient_norm, ...onLog(gradient_norm, clip, "", 3) },
  }
}

function onLog(curve, value, text, most) {
  const line = typeof value === "number" && value > 0 ? { value, text } : null
  const axis = logAxis([...curve.map(([, each]) => each), ...(line ? [value] : [])])
  return { line, axis: { share: (each) => logShare(axis, each), ticks: logTicks(axis, most), text: tickText } }
}
