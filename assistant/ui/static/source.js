// Shows a document with the cited words marked, and brings them into view. Drawn by lines.js.

export default function ({ data, parentElement }) {
  const page = parentElement.querySelector("#page")
  if (page.dataset.version === data.version) return closed
  const before = page.dataset.opened === data.opened && longestMark(page)?.getBoundingClientRect().top
  page.dataset.version = data.version
  page.dataset.opened = data.opened
  page.setAttribute("aria-label", `Text of ${data.title}`)
  page.replaceChildren(...laidOut(data.lines))

  const isNew = isNewlyOpened(data.opened)
  const mark = longestMark(page)
  if (!mark) return closed
  mark.tabIndex = -1
  requestAnimationFrame(() => {
    const top = mark.getBoundingClientRect().top
    page.scrollTop += Number.isFinite(before) ? top - before : top - page.getBoundingClientRect().top - page.clientHeight / 3
    if (isNew) mark.focus({ preventScroll: true })
    if (isNew) keepInWindow(page)
  })
  return closed
}
