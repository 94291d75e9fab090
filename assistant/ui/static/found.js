// Lists passages that were found, each with the reasons why. Text is only ever set as text.

export default function ({ data, parentElement }) {
  const made = (tag, properties, ...children) => {
    const one = Object.assign(document.createElement(tag), properties)
    one.append(...children)
    return one
  }
  const bar = (share) => {
    const filled = made("span", {})
    filled.style.width = `${Math.round(share * 100)}%`
    return made("span", { className: "bar", ariaHidden: "true" }, filled)
  }
  const reason = ([name, share]) =>
    made("span", { className: "reason" }, `${name} `, bar(share), ` ${Math.round(share * 100)}%`)
  const item = ({ address, place, text, reasons, tags }) =>
    made(
      "li",
      {},
      made("a", { href: address, textContent: place, title: `Read it: ${place}` }),
      made("p", { textContent: text }),
      made("p", { className: "why" }, ...reasons.map(reason)),
      ...(tags ? [made("p", { className: "why", textContent: `Tagged ${tags}` })] : []),
    )
  parentElement.querySelector(".found").replaceChildren(...data.passages.map(item))
}
