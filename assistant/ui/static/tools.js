// Copies an answer, or the address that opens it. Where the clipboard is out of reach, the words are shown selected instead.

export default function ({ data, parentElement }) {
  const tools = parentElement.querySelector("#tools")
  const address = new URL(data.address, location.href).href
  const made = (tag, properties) => Object.assign(document.createElement(tag), properties)

  const said = made("span", { className: "said" })
  said.setAttribute("role", "status")
  const offer = (text) => {
    tools.querySelector("textarea")?.remove()
    const box = made("textarea", { value: text, readOnly: true, rows: 6 })
    box.setAttribute("aria-label", "Selected: press Ctrl and C to copy")
    tools.append(box)
    box.focus()
    box.select()
    said.textContent = "Selected: press Ctrl and C to copy"
    box.addEventListener("blur", () => (box.remove(), (said.textContent = "")))
  }
  const copy = async (text, done) => {
    try {
      await navigator.clipboard.writeText(text)
      said.textContent = done
      setTimeout(() => (said.textContent = ""), 3000)
    } catch {
      offer(text)
    }
  }
  const button = (label, name, act) => {
    const one = made("button", { type: "button", textContent: label, onclick: act })
    one.setAttribute("aria-label", name)
    return one
  }
  tools.replaceChildren(
    button("Copy", "Copy the answer with its sources", () => copy(data.text, "Copied")),
    button("Link", "Copy a link to this answer", () => copy(address, "Link copied")),
    said,
  )
}
