// A button that puts this page's own address, with the state Python encoded, on the clipboard.

export default function ({ data, parentElement }) {
  const button = parentElement.querySelector("button")
  const said = parentElement.querySelector("span")
  const link = `${window.location.origin}${window.location.pathname}${data.query ? `?${data.query}` : ""}`
  button.onclick = async () => {
    said.textContent = (await copied(link)) ? "Copied" : "Select the link above and copy it"
  }
}

async function copied(text) {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch { // no permission, or a page without https: the old way still works in most browsers
    const area = Object.assign(document.createElement("textarea"), { value: text })
    document.body.append(area)
    area.select()
    const done = document.execCommand("copy")
    area.remove()
    return done
  }
}
