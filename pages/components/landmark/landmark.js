// Gives the container it stands in a role and a name, so that people who cannot see the page's
// layout find "Inspect", "Share" and "Export" among its regions. Streamlit has no way to say it.

export default function ({ data, parentElement }) {
  const host = parentElement.host ?? parentElement
  const container = host.closest(`.st-key-${data.key}`)
  if (!container) return
  container.setAttribute("role", "region")
  container.setAttribute("aria-label", data.name)
  host.style.position = "absolute" // takes no room
}
