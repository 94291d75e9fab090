// What the text of a source and the picture of its page share: when they take the focus, and where it goes when they close.

// Words that were opened just now take the focus; a page that was turned, or text that grew, leaves it where it is.
const isNewlyOpened = (opened) => {
  const isNew = window.casewiseOpened !== opened
  window.casewiseOpened = opened
  return isNew
}

// When the source is closed, the focus goes back to the link that opened it.
const giveFocusBack = (tries = 10) => {
  if (document.activeElement !== document.body) return
  const links = [...document.querySelectorAll("a[data-source]")]
  links.find((link) => link.dataset.source === window.casewiseOpener)?.focus()
  if (document.activeElement === document.body && tries) setTimeout(giveFocusBack, 100, tries - 1)
}
const closed = () => setTimeout(giveFocusBack, 100)

const keepInWindow = (frame) => {
  if (frame.getBoundingClientRect().bottom > innerHeight) frame.scrollIntoView({ block: "nearest" })
}

