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
const SHIFTED = 10 // steps

export function actionOf({ key, shiftKey, ctrlKey, metaKey, altKey, target }) { // null: the key is not the player's
  const action = Object.hasOwn(KEYS, key) ? KEYS[key] : null
  if (!action || ctrlKey || metaKey || altKey || target.tagName === "SELECT" || target.dataset?.keys === "own") return null
  // Space on a button or a box presses that
  if (action.does === "toggle" && (target.tagName === "BUTTON" || target.type === "checkbox")) return null
  return action.does === "step" && shiftKey ? { ...action, by: SHIFTED * action.by } : action
}
