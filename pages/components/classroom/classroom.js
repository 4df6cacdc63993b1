// The styles of classroom.css need no element: theirs takes no room.

export default function ({ parentElement }) {
  const host = parentElement.host ?? parentElement
  host.closest("[data-testid=stElementContainer]").style.position = "absolute"
}
