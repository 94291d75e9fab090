// Brings what stands around it into view, once for each name it is given: what has just been said is seen.

export default function ({ data, parentElement }) {
  if (window.casewiseInView === data.name) return
  window.casewiseInView = data.name
  const around = (parentElement.host ?? parentElement).closest('[data-testid="stVerticalBlock"]')
  if (!around) return
  around.style.scrollMarginTop = "6rem"
  requestAnimationFrame(() => around.scrollIntoView({ block: "nearest" }))
}
