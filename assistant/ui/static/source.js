// Shows a document with the cited words marked, and brings them into view. Text is only ever set as text.

const element = (tag, className, ...children) => {
  const made = document.createElement(tag)
  if (className) made.className = className
  made.append(...children)
  return made
}

// Items of a list that was flattened into a cell stand on lines of their own again.
const legible = (words) => words.replaceAll(" • ", "\n• ")

const runs = (cell) => cell.map(({ words, marked }) => (marked ? element("mark", "", legible(words)) : legible(words)))

const line = ({ kind, depth, cells }) => {
  if (kind === "table row") return element("div", "row", ...cells.map((cell) => element("span", "cell", ...runs(cell))))
  if (kind === "heading") return element(depth > 1 ? "h4" : "h3", "", ...cells.flatMap(runs))
  const name = { "list item": "item", footnote: "note" }[kind] ?? ""
  return element("p", name, ...cells.flatMap(runs))
}

// When the source is closed, the focus goes back to the link that opened it.
const giveFocusBack = (tries = 10) => {
  if (document.activeElement !== document.body) return
  const links = [...document.querySelectorAll("a[data-source]")]
  links.find((link) => link.dataset.source === window.casewiseOpener)?.focus()
  if (document.activeElement === document.body && tries) setTimeout(giveFocusBack, 100, tries - 1)
}

export default function ({ data, parentElement }) {
  const page = parentElement.querySelector("#page")
  const closed = () => setTimeout(giveFocusBack, 100)
  if (page.dataset.shown === String(data.shown)) return closed
  page.dataset.shown = String(data.shown)
  page.setAttribute("aria-label", `Text of ${data.title}`)
  page.replaceChildren(...data.lines.map(line))

  // a table's cell is marked with the heads it stands under: bring the longest of the marks into view, not the first
  const mark = [...page.querySelectorAll("mark")].sort((a, b) => b.textContent.length - a.textContent.length)[0]
  if (!mark) return closed
  mark.tabIndex = -1
  requestAnimationFrame(() => {
    page.scrollTop += mark.getBoundingClientRect().top - page.getBoundingClientRect().top - page.clientHeight / 3
    mark.focus({ preventScroll: true })
    if (page.getBoundingClientRect().bottom > innerHeight) page.scrollIntoView({ block: "nearest" })
  })
  return closed
}
