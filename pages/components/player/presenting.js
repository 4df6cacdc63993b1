// On a projector: the player takes what the screen has left, and keys reach it from anywhere.

const FREE_BELOW = 18 // pixels that stay free below the player

export class Presenting {
  constructor(player) {
    this.player = player
    this.on = false
    this.press = (event) => { if (isFree(document.activeElement, event.key)) player.press(event) }
    this.fit = () => player.data?.present && player.layout(true)
    this.moved = new ResizeObserver(this.fit)
  }

  set(on = false) {
    if (on === this.on) return
    this.on = on
    const { root } = this.player
    root.classList.toggle("present", on)
    const change = on ? "addEventListener" : "removeEventListener"
    document[change]("keydown", this.press)
    window[change]("resize", this.fit)
    this.moved.disconnect()
    if (!on) return
    for (const above of elementsAbove(root)) this.moved.observe(above)
    const { activeElement } = document // the switch, once it is clicked: Space shall play, not end this
    if (!activeElement.matches("body, :focus-visible")) activeElement.blur()
  }

  room() { // what the screen has left below all that the player holds now, and all that the page shows under it; negative where that is too much
    const { root, data } = this.player
    const { top } = root.getBoundingClientRect()
    const scrolled = hostOf(root).closest("main")?.scrollTop ?? 0
    return window.innerHeight - FREE_BELOW - (data.below ?? 0) - (top + scrolled + root.offsetHeight)
  }
}

function isFree(focused, key) { // nothing that has the focus has a use for the key
  if (!focused || focused.matches("body, main")) return true
  return focused.matches("a, button, [type=checkbox]") && key !== " "
}

function hostOf(root) { return root.getRootNode().host ?? root }

function elementsAbove(root) { // what pushes the player down when it grows
  const above = []
  for (let here = hostOf(root); here && !here.matches("main"); here = here.parentElement) {
    for (let before = here.previousElementSibling; before; before = before.previousElementSibling) above.push(before)
  }
  return above
}
