// What a key does while the player has the focus.

const KEYS = {
  " ": { does: "toggle" },
  ArrowRight: { does: "step", by: 1 },
  ArrowLeft: { does: "step", by: -1 },
  Home: { does: "first" },
  End: { does: "last" },
  ArrowDown: { does: "unit", by: 1 },
  ArrowUp: { does: "unit", by: -1 },
}
const REMOTE = { // what a presenter's remote control sends
  PageDown: { does: "step", by: 1 },
  PageUp: { does: "step", by: -1 },
}
const SHIFTED = 10 // steps

export function actionOf({ key, shiftKey, ctrlKey, metaKey, altKey, target }, presented = false) { // null: the key is not the player's
  const keys = presented ? { ...KEYS, ...REMOTE } : KEYS
  const action = Object.hasOwn(keys, key) ? keys[key] : null
  if (!action || ctrlKey || metaKey || altKey || target.tagName === "SELECT" || target.dataset?.keys === "own") return null
  // Space on a button or a box presses that
  if (action.does === "toggle" && (target.tagName === "BUTTON" || target.type === "checkbox")) return null
  return action.does === "step" && shiftKey ? { ...action, by: SHIFTED * action.by } : action
}
