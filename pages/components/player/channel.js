// The player's own websocket: a frame comes here first, and with the page again (see channel.py).

import { appAddress } from "./address.js"

const TRIES = 3 // a proxy may let only Streamlit's own socket through: then the page has to do

export class PlayerChannel {
  constructor(take) {
    this.take = take
    this.token = ""
    this.tries = 0
  }

  open(token) {
    if (token !== this.token) {
      this.close()
      this.token = token
      this.tries = 0
    }
    if (!token || this.socket || this.tries === TRIES) return
    this.tries++
    const socket = this.socket = new WebSocket(address(token))
    socket.binaryType = "arraybuffer"
    socket.onopen = () => { this.tries = 0 }
    socket.onmessage = ({ data }) => this.take(new Uint8Array(data))
    socket.onclose = () => { if (this.socket === socket) this.socket = null } // the next frame tries again
  }

  close() {
    this.socket?.close()
    this.socket = null
  }
}

function address(token) {
  const url = appAddress(`frames/${token}`)
  url.protocol = url.protocol.replace("http", "ws")
  return url
}
