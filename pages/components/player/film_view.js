// The film below the time step: a slider over checkpoints, and a button that plays them.

import { nameElement, element } from "./elements.js"
import { atCheckpoint, isOf, nearest, stopsOf } from "./film.js"
import { FilmSource } from "./film_source.js"
import { Playback } from "./playback.js"
import { checkpointText, count } from "./training_text.js"

const HEIGHT_OF_FILM = 44
const SECONDS = 8 // for all of it
const PATHS = { "Play training": "M4 2l9 6-9 6z", "Pause training": "M4 2h3v12H4zM9 2h3v12H9z" }

export class FilmView { // to its playback it is a player, whose steps are the stops
  constructor(parent, { load, onChange, onRest }) { // onChange(): another checkpoint is to be shown
    this.element = parent
    this.onChange = onChange
    this.onRest = onRest
    this.chosen = null // an iteration, or null for the newest
    this.stops = [0]
    this.source = new FilmSource(load, () => this.arrived())
    this.playback = new Playback(this, { seconds: SECONDS, slowest: 0 })
    this.build()
  }

  build() {
    const caption = element("span", "caption", "Checkpoint")
    caption.setAttribute("aria-hidden", "true") // the slider is called that
    this.button = Object.assign(element("button", "play-training"), { type: "button", onclick: () => this.toggle() })
    this.slider = Object.assign(element("input"), { type: "range", min: 0, step: 1, oninput: () => this.goTo(Number(this.slider.value)) })
    this.slider.setAttribute("aria-label", "Checkpoint")
    this.slider.dataset.keys = "own" // the player's keys move the step
    this.where = element("span", "where")
    this.element.append(caption, this.button, this.slider, this.where)
    for (const kind of ["pointerdown", "focusin", "keydown"]) this.element.addEventListener(kind, () => this.source.want())
    this.showPlaying(false)
  }

  // ---- what comes from Python -------------------------------------------------------------------

  take(training, ordered) { // ordered: it says which checkpoint to show
    const another = training?.id !== this.training?.id
    this.training = training
    this.element.hidden = !this.source.load || !training?.film
    if (!training) { this.stop(); this.chosen = null }
    if (training && (another || ordered)) { this.stop(); this.chosen = training.checkpoint }
    this.source.take(training)
    if (!training) return
    if (!this.isOwn && !this.source.film) this.source.want() // what is to be shown can only come from there
    this.show()
  }

  apply(own) { // own: what the frame brought; gives what is to be shown
    const film = this.source.film && isOf(this.source.film, own.tracks) ? this.source.film : null
    if (!this.training || !film) return own
    return atCheckpoint(own, film, this.isOwn ? null : nearest(film.iterations, this.chosen ?? Infinity))
  }

  get isOwn() { // whether the frame itself has the weights that are asked for
    const { checkpoint } = this.training
    return this.chosen === checkpoint
  }

  arrived() {
    if (this.training) this.show()
    this.onChange(true)
  }

  get height() { return this.element.hidden ? 0 : HEIGHT_OF_FILM } // with the space above it

  // ---- moving through it ------------------------------------------------------------------------

  get data() { return { T: this.stops.length - 1 } }

  get step() { return this.chosen === null ? this.data.T : nearest(this.stops, this.chosen) }

  goTo(stop) { // by hand
    this.stop()
    this.advance(stop)
    this.onRest()
  }

  advance(stop) {
    this.chosen = stop >= this.data.T ? null : this.stops[stop]
    this.moved()
    this.onChange(false)
  }

  async toggle() {
    if (this.playback.playing) { this.stop(); this.onRest(); return }
    this.element.setAttribute("aria-busy", "true")
    await this.source.want()
    this.element.removeAttribute("aria-busy")
    if (this.playback.playing || !this.training) return // pressed twice, or gone meanwhile
    if (this.step >= this.data.T) this.advance(0)
    this.playback.start()
  }

  stop() { if (this.playback.playing) this.playback.stop() }

  rest() { this.onRest() }

  // ---- on the screen ----------------------------------------------------------------------------

  show() {
    this.stops = stopsOf(this.training, this.source.film)
    this.slider.max = this.data.T
    const digits = 2 * count(this.training.iterations).length + 1 // commas and spaces are narrower
    this.element.parentElement.style.setProperty("--where", `${digits}ch`) // its numbers grow, and nothing may jump
    this.moved()
  }

  moved() {
    const { iteration, iterations } = this.training
    const shown = this.chosen ?? iteration
    this.slider.value = this.step
    this.slider.setAttribute("aria-valuenow", this.step)
    this.slider.setAttribute("aria-valuetext", checkpointText(shown, iterations))
    this.where.textContent = shown ? `${count(shown)} / ${count(iterations)}` : "untrained"
  }

  showPlaying(playing) {
    const name = playing ? "Pause training" : "Play training"
    nameElement(this.button, name)
    this.button.innerHTML = `<svg viewBox="0 0 16 16" aria-hidden="true"><path d="${PATHS[name]}"/></svg><span>${name}</span>`
  }
}
