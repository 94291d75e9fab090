// Draws the evidence grid as a table. Text is only ever set as text. Links open beside it as all links to sources do.

const element = (tag, attributes, ...children) => {
  const made = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value)
  made.append(...children)
  return made
}

// Where a table is laid out as cards, browsers forget that it is one: roles say it again.
const quote = (one, editing, onCorrect) => {
  const link = element("a", { href: one.address, title: one.tip }, `[${one.marker}]`)
  const made = element("div", { class: "quote" }, element("p", {}, `“${one.words}” `, link))
  const about = element("p", { class: "about" }, one.aspects)
  if (editing) {
    const button = element("button", { type: "button", "aria-label": `Correct the tags of source ${one.marker}` }, "Correct tags")
    button.addEventListener("click", () => onCorrect({ document: one.document, passage: one.passage }))
    about.append(one.aspects ? " · " : "", button)
  }
  if (about.hasChildNodes()) made.append(about)
  return made
}

const cell = (quotes, head, editing, onCorrect) => {
  const label = element("span", { class: "head", "aria-hidden": "true" }, head)
  if (!quotes.length) {
    const none = element("span", { class: "none" }, "no evidence")
    return element("td", { role: "cell", class: "empty" }, label, none)
  }
  return element("td", { role: "cell" }, label, ...quotes.map((one) => quote(one, editing, onCorrect)))
}

const table = ({ caption, corner, columns, rows, editing }, onCorrect) => {
  const heads = [corner, ...columns].map((head) => element("th", { role: "columnheader", scope: "col" }, head))
  const lines = rows.map(({ head, cells }) =>
    element(
      "tr",
      { role: "row" },
      element("th", { role: "rowheader", scope: "row" }, head),
      ...cells.map((quotes, number) => cell(quotes, columns[number], editing, onCorrect)),
    ),
  )
  return element(
    "table",
    { role: "table" },
    element("caption", {}, caption),
    element("thead", { role: "rowgroup" }, element("tr", { role: "row" }, ...heads)),
    element("tbody", { role: "rowgroup" }, ...lines),
  )
}

export default function ({ data, parentElement, setTriggerValue }) {
  const place = parentElement.querySelector(".evidence")
  const version = JSON.stringify(data)
  if (place.version === version) return
  place.version = version
  place.replaceChildren(table(data, (asked) => setTriggerValue("correct", asked)))
}
