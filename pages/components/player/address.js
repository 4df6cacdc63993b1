// Where the app is, wherever it is mounted: beside Streamlit's own scripts.

export function appAddress(path) {
  const script = document.querySelector("script[src*='static/']")
  return new URL(`../../${path}`, script.src)
}
