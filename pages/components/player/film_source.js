// Where a film comes from: fetched once, as late as it can be, and again only for what is new in it.

import { decode } from "./decode.js"
import { knows } from "./film.js"

const PAUSE = 2000 // milliseconds after which a film that grows, or has failed, is asked for again
const RESTING = ["done", "paused", "stopped", "diverged"]

export class FilmSource {
  constructor(load, onFilm) { // load(path): a promise of bytes
    this.load = load
    this.onFilm = onFilm
    this.path = ""
    this.film = null
    this.asked = -Infinity
  }

  take(training) { // null: there is none
    const path = (this.load && training?.film) || ""
    if (path !== this.path) Object.assign(this, { path, film: null, asked: -Infinity, loading: null })
    this.training = training
    if (this.film?.iterations.at(-1) > training?.iteration) { // it went back to before weights that were spoilt
      Object.assign(this, { film: null, asked: -Infinity })
    }
    if (path && RESTING.includes(training.state) && !this.isComplete && !this.planned) this.plan()
  }

  get isComplete() { // since it was asked for, there may have been nothing new
    return Boolean(this.film && (knows(this.film, this.training) || this.askedAt === this.training.iteration))
  }

  plan() { // when the browser has nothing else to do
    const idle = globalThis.requestIdleCallback ?? ((then) => setTimeout(then, 300))
    this.planned = true
    idle(() => {
      this.planned = false
      this.want()
    })
  }

  want(now = performance.now()) { // a promise: it is there, or cannot be had
    if (!this.path || this.isComplete || (!this.loading && now - this.asked < PAUSE)) return Promise.resolve()
    if (!this.loading) {
      Object.assign(this, { asked: now, askedAt: this.training.iteration })
      this.loading = this.bring(this.path)
    }
    return this.loading
  }

  async bring(path) {
    let film = null
    try {
      film = decode(await this.load(path))
    } catch { /* the server has none yet: what is wanted is asked for again */ }
    if (path !== this.path) return // another film is wanted by now
    this.loading = null
    if (film?.iterations?.length) this.film = film
    this.onFilm()
  }
}
