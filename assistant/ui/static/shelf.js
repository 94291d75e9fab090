// Shows documents as a table. Text is only ever set as text; a click with a modifier key opens a tab of its own.

const COLUMNS = {
  title: "Document",
  cases: "Case",
  tags: "Tagged passages",
  date: "Date",
  form: "Format",
  pages: "Pages",
  standing: "State",
}

const made = (tag, role, ...children) => {
  const element = document.createElement(tag)
  if (role) element.setAttribute("role", role)
  element.append(...children.filter(Boolean))
  return element
}

const small = (words) => (words ? made("small", "", words) : null)

const title = (row, open) => {
  if (!row.id) return made("strong", "", row.title)
  const link = made("a", "", row.title)
  link.href = row.href
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return
    event.preventDefault()
    open(row.id)
  })
  return link
}

const standing = (row) => {
  const words = made("span", "", row.standing)
  if (!row.calm) words.className = "trouble"
  return words
}

const drawn = (row, open) => {
  const name = row.name === row.title ? null : small(row.name)
  const cells = [
    made("td", "cell", title(row, open), name),
    made("td", "cell", row.cases),
    made("td", "cell", row.tags, small(row.untagged)),
    made("td", "cell", row.date),
    made("td", "cell", row.form),
    made("td", "cell", row.pages),
    made("td", "cell", standing(row), small(row.detail)),
  ]
  cells[5].dataset.head = "Pages:"
  return made("tr", "row", ...cells)
}

export default function ({ data, parentElement, setTriggerValue }) {
  const head = parentElement.querySelector("thead tr")
  if (!head.childElementCount) {
    for (const [column, words] of Object.entries(COLUMNS)) {
      const button = made("button", "", words)
      const cell = made("th", "columnheader", button)
      button.type = "button"
      cell.scope = "col"
      cell.dataset.column = column
      head.append(cell)
    }
  }
  for (const cell of head.children) {
    const direction = data.descending ? "descending" : "ascending"
    cell.setAttribute("aria-sort", cell.dataset.column === data.column ? direction : "none")
    cell.firstChild.onclick = () => setTriggerValue("sorted", cell.dataset.column)
  }
  const open = (id) => setTriggerValue("opened", id)
  parentElement.querySelector("tbody").replaceChildren(...data.rows.map((row) => drawn(row, open)))
}
