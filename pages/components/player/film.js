// A training's film: what the tracks show at each checkpoint, in one piece (see film.py).

const MOVING = ["values", "initial", "predicted"]

export function stopsOf({ iteration, checkpoints }, film) { // iterations to stop at; the last is the newest
  const kept = film ? film.iterations : checkpoints
  return [...kept.filter((each) => each < iteration), iteration]
}

export function nearest(iterations, iteration) { // its place
  let best = 0
  iterations.forEach((each, k) => { if (Math.abs(each - iteration) <= Math.abs(iterations[best] - iteration)) best = k })
  return best
}

export function isOf(film, tracks) { // whether it was made of these tracks
  const C = film.iterations.length
  return film.tracks.every((moving) => {
    const track = tracks[moving.at]
    return track && MOVING.every((name) => !moving[name] || moving[name].length === C * track[name]?.length)
  })
}

export function knows(film, { iteration, checkpoints, state }) { // whether there is nothing newer to fetch
  const newest = state === "running" ? checkpoints.at(-1) ?? iteration : iteration
  return film.iterations.at(-1) >= newest
}

// own: what the frame brought, {tracks, ends, fit, opened}; k: which checkpoint of the film, null for
// what the frame itself shows. Colours and curves keep the film's scales all the time.
export function atCheckpoint(own, film, k) {
  if (!film) return own
  const tracks = [...own.tracks]
  for (const moving of film.tracks) {
    const track = { ...tracks[moving.at] }
    for (const name of MOVING) if (k !== null && moving[name]) track[name] = slice(moving[name], film.iterations.length, k)
    if (moving.range) track.range = spanned(track.range, moving.range)
    if (moving.end) Object.assign(track, moving.end > track.end ? { end: moving.end, scale: moving.scale } : {})
    tracks[moving.at] = track
  }
  return {
    tracks,
    ends: film.ends ? spanned(own.ends, film.ends) : own.ends,
    fit: film.fit ? spanned(own.fit, film.fit) : own.fit,
    opened: k === null ? own.opened : null, // it is told of the frame's own numbers
  }
}

function slice(values, count, k) {
  const size = values.length / count
  return values.subarray(k * size, (k + 1) * size)
}

function spanned([low, high], [lower, higher]) { return [Math.min(low, lower), Math.max(high, higher)] }
