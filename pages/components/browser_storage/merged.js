// Two tabs keep one value between them: what this one has changed is changed, all else stays.

// there: what is kept now, which another tab may have changed. before: what this tab last read or
// kept. now: what it wants kept. An entry that is an object is merged in the same way.
export function merged(there, before, now) {
  const all = { ...there }
  for (const name of new Set([...Object.keys(before), ...Object.keys(now)])) {
    if (isObject(now[name])) {
      all[name] = merged(objectOr(there[name]), objectOr(before[name]), now[name])
    } else if (now[name] === undefined) {
      delete all[name]
    } else if (now[name] !== before[name]) {
      all[name] = now[name]
    }
  }
  return all
}

export function isObject(value) {
  return value !== null && typeof value === "object" && !Array.isArray(value)
}

function objectOr(value) {
  return isObject(value) ? value : {}
}
