// Turns clicks on links to a document's words into an event of the page, keeps the newest question in
// view, and says aloud when an answer is ready.
// A click with a modifier key still opens the link in a tab of its own.

export default function ({ data, parentElement, setStateValue }) {
  const status = parentElement.querySelector("#status")
  if (status.textContent !== data.status) status.textContent = data.status

  const app = document.querySelector('[data-testid="stApp"]') ?? document.body
  const isSource = (link) => {
    const target = new URL(link.href, location.href)
    return target.origin === location.origin && target.searchParams.has("spans")
  }

  const dress = () => {
    for (const link of app.querySelectorAll('a[href*="spans="]:not([data-source])')) {
      if (!isSource(link)) continue
      link.dataset.source = new URL(link.href).search
      link.removeAttribute("target")
      const number = /^\[(\d+)\]$/.exec(link.textContent)?.[1]
      if (number) link.setAttribute("aria-label", `Source ${number}: ${link.title}`)
    }
  }

  // a new question moves to the top of the page while its answer grows below it, until the reader does something
  const follow = () => {
    const asked = app.querySelectorAll('[aria-label="Chat message from user"]')
    if (asked.length > Number(status.dataset.asked ?? asked.length)) status.followed = asked[asked.length - 1]
    status.dataset.asked = asked.length
    if (!status.followed?.isConnected) return
    status.followed.style.scrollMarginTop = "5rem"
    status.followed.scrollIntoView({ block: "start" })
  }
  const letGo = () => {
    status.followed = null
  }

  const whenIdle = (act) => {
    const running = () => app.getAttribute("data-test-script-state") === "running"
    if (!running()) return act()
    const watch = new MutationObserver(() => {
      if (running()) return
      watch.disconnect()
      act()
    })
    watch.observe(app, { attributes: true, attributeFilter: ["data-test-script-state"] })
  }

  const onClick = (event) => {
    const link = event.target.closest?.("a[data-source]")
    const modified = event.ctrlKey || event.metaKey || event.shiftKey || event.altKey
    if (!link || event.button !== 0 || modified) return
    event.preventDefault()
    window.casewiseOpener = link.dataset.source
    whenIdle(() => setStateValue("opened", { query: link.dataset.source, at: Date.now() }))
  }

  const onChange = () => {
    dress()
    follow()
  }
  onChange()
  const watch = new MutationObserver(onChange)
  watch.observe(app, { childList: true, subtree: true })
  app.addEventListener("click", onClick)
  const acts = ["wheel", "touchmove", "pointerdown", "keydown"]
  for (const act of acts) addEventListener(act, letGo, { passive: true })
  return () => {
    watch.disconnect()
    app.removeEventListener("click", onClick)
    for (const act of acts) removeEventListener(act, letGo)
  }
}
