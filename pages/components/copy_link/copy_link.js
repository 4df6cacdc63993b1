// A button that puts a link on the clipboard.

export default function ({ data, parentElement }) {
  const button = parentElement.querySelector("button")
  const said = parentElement.querySelector("span")
  button.onclick = async () => {
    said.textContent = (await copied(data.link)) ? "Copied" : "Select the link above and copy it"
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
