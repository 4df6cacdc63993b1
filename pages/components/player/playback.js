// Playing: how time moves the step.

const SECONDS_PER_PASS = 4 // at 1x; a new sequence plays once within this time
const SLOWEST = 2 // steps a second, so that a short sequence can be followed

export function stepsPerSecond(T, speed, seconds = SECONDS_PER_PASS, slowest = SLOWEST) {
  return Math.max(slowest, T / seconds) * speed
}

export function positionAfter(position, milliseconds, rate, T, loop) { // a position between steps, some time later
  const later = position + (rate * Math.max(0, milliseconds)) / 1000
  return later >= T && loop ? 0 : later
}

export class Playback {
  constructor(player, { seconds, slowest } = {}) { // has step, data.T, data.limit where it plays no further, advance(step), moved(), rest() and showPlaying(whether)
    this.player = player
    this.seconds = seconds
    this.slowest = slowest
    this.playing = false
    this.speed = 1
    this.loop = false
  }

  start(passing = false) { // passing: takes SECONDS_PER_PASS whatever the speed
    if (!this.player.data.T) return
    this.playing = true
    this.passing = passing
    this.position = this.player.step
    this.before = performance.now()
    this.player.showPlaying(true)
    cancelAnimationFrame(this.frame)
    this.frame = requestAnimationFrame((now) => this.tick(now))
  }

  stop() {
    this.playing = false
    cancelAnimationFrame(this.frame)
    this.player.showPlaying(false)
  }

  tick(now) {
    if (!this.playing) return
    const { T, limit } = this.player.data
    const last = limit ?? T
    const rate = stepsPerSecond(T, this.passing ? 1.05 : this.speed, this.seconds, this.slowest)
    this.position = positionAfter(this.position, now - this.before, rate, last, this.loop)
    this.before = now
    const next = Math.min(last, Math.floor(this.position))
    if (next !== this.player.step) this.player.advance(next)
    if (next >= last && !this.loop) { this.stop(); this.player.moved(); this.player.rest(); return }
    this.frame = requestAnimationFrame((then) => this.tick(then))
  }
}
