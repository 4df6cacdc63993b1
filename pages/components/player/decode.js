// A frame's bytes taken apart, as packed (frame.py) put them together: a uint32 with the frame's
// number (0: none) and one with the header's length, the header as JSON, then float32 blocks.
//
// header.tracks lists what is shown from top to bottom; each track's arrays are views of the blocks:
//   input: kind, labels, features, range; x (T, I), and wave (P, 2) for sound or ink (T, 3)
//          or predicted (T, K) for the next step, predicted_before a change, and ahead (A, K) after the last one
//   heat:  name, note, layer, direction, run, sequential; values (T, H), initial (H) or empty, and
//          ahead (A, H) of the steps that a network goes on by itself
//   prediction: kind, names, run, first, shift; values (T, K), and target (T) or (T, K)
// A film's header (film.py) has iterations, C of them, and its tracks have C such arrays, one after another.

export function decode(bytes) {
  const copy = bytes.slice() // the view may start anywhere; float32 needs an aligned start
  const [number, length] = new Uint32Array(copy.buffer, 0, 2)
  const header = JSON.parse(new TextDecoder().decode(copy.subarray(8, 8 + length)))
  header.number = number
  let at = 8 + length + ((4 - (length % 4)) % 4)
  for (const track of header.tracks) {
    for (const [name, count] of Object.entries(track.blocks)) {
      track[name] = new Float32Array(copy.buffer, at, count)
      at += 4 * count
    }
  }
  return header
}
