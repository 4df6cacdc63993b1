// The player on a page of the app, where a server has more to bring.

import { appAddress } from "./address.js"
import mount from "./player.js"
import { keepRoom } from "./room.js"

export default function mountServed(component) {
  keepRoom(component.parentElement)
  return mount({ ...component, load: fetched })
}

async function fetched(path) {
  const answer = await fetch(appAddress(path))
  if (!answer.ok) throw new Error(answer.statusText)
  return new Uint8Array(await answer.arrayBuffer())
}
