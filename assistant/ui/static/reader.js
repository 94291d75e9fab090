// Shows a document with its outline, and beside each passage the tags it carries and where they came from. Drawn by lines.js.

const isPlain = (event) => !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey)

const linked = (words, href, act) => {
  const link = element("a", "", words)
  link.href = href
  link.addEventListener("click", (event) => {
    if (!isPlain(event)) return
    event.preventDefault()
    act()
  })
  return link
}

const tag = ({ name, origin }) => element("p", "", name, " ", element("small", "", origin))

const notes = (passage, data, tell) => {
  const told = passage.tags.map(tag)
  if (!passage.tagged) told.push(element("p", "", "No theme or aspect"))
  const link = linked("Link", passage.href, () => tell("linked", passage.href.slice(1)))
  link.setAttribute("aria-label", `Link to the passage “${passage.begins}”`)
  const row = element("p", "", link)
  if (data.correctable) {
    const button = element("button", "", "Correct tags")
    button.type = "button"
    button.setAttribute("aria-label", `Correct the tags of “${passage.begins}”`)
    button.addEventListener("click", () => tell("corrected", passage.id))
    row.append(button)
  }
  return element("div", passage.tagged ? "tags" : "tags none", ...told, row)
}

// Rows that follow each other are tables of one row each: every one has its own tags beside it.
const drawnLine = (one, data, tell) => {
  const box = element("div", "line", element("div", "", ...laidOut([one])))
  box.id = one.id
  if (one.kind !== "heading") box.append(element("div", "", ...one.passages.map((passage) => notes(passage, data, tell))))
  return box
}

const drawOutline = (parent, data, tell) => {
  const outline = parent.querySelector("#outline")
  outline.hidden = !data.outline.length
  if (outline.dataset.version === data.title && outline.count === data.outline.length) return
  outline.dataset.version = data.title
  outline.count = data.outline.length
  if (innerWidth <= 800) outline.open = false
  const items = data.outline.map(({ id, depth, words }) => {
    const item = element("li", "", linked(words, `#${id}`, () => go(parent, id, tell)))
    item.style.paddingLeft = `${Math.min(depth - 1, 5) * 0.9}rem`
    return item
  })
  outline.querySelector("ul").replaceChildren(...items)
}

const bring = (target) => {
  target.tabIndex = -1
  target.focus({ preventScroll: true })
  target.scrollIntoView({ block: target.tagName === "MARK" ? "center" : "start" })
}

const go = (parent, id, tell) => {
  const target = parent.querySelector(`#${id}`)
  target ? bring(target) : tell("went", id)
}

export default function ({ data, parentElement, setTriggerValue }) {
  const page = parentElement.querySelector("#page")
  drawOutline(parentElement, data, setTriggerValue)
  if (page.dataset.version === data.version) return
  page.dataset.version = data.version
  page.setAttribute("aria-label", `Text of ${data.title}`)
  page.replaceChildren(...data.lines.map((one) => drawnLine(one, data, setTriggerValue)))
  const wanted = data.focus === "mark" ? longestMark(page) : data.focus && page.querySelector(`#${data.focus}`)
  if (wanted) requestAnimationFrame(() => bring(wanted))
}
