// Draws the lines of a document. Text is only ever set as text.

const element = (tag, className, ...children) => {
  const made = document.createElement(tag)
  if (className) made.className = className
  made.append(...children)
  return made
}

// Items of a list that was flattened into a cell stand on lines of their own again.
const legible = (words) => words.replaceAll(" • ", "\n• ")

const run = ({ words, marked, beside, style }) => {
  const tag = { bold: "strong", raised: "sup" }[style]
  const inner = tag ? element(tag, "", legible(words)) : legible(words)
  return marked || beside ? element("mark", beside ? "beside" : "", inner) : inner
}

const line = ({ kind, depth, cells }) => {
  const words = cells.flat().map(run)
  if (kind === "heading") return element(`h${Math.min(depth + 2, 6)}`, "", ...words)
  return element("p", { "list item": "item", footnote: "note" }[kind] ?? "", ...words)
}

// Rows that follow each other are a table.
const laidOut = (lines) => {
  const made = []
  let rows = null
  for (const one of lines) {
    if (one.kind !== "table row") {
      rows = null
      made.push(line(one))
      continue
    }
    if (!rows) made.push(element("table", "", (rows = element("tbody", ""))))
    rows.append(element("tr", "", ...one.cells.map((cell) => element("td", "", ...cell.map(run)))))
  }
  return made
}

// A table's cell is marked with the heads it stands under: what matters is the longest of the marks, not the first.
const longestMark = (page) =>
  [...page.querySelectorAll("mark:not(.beside)")].sort((a, b) => b.textContent.length - a.textContent.length)[0]

