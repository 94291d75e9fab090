// Turns clicks on links to a document's words into an event of the page, shows the words on a card beside the link, keeps the
// newest question in view, and says aloud when an answer is ready.
// A click with a modifier key still opens the link in a tab of its own.

export default function ({ data, parentElement, setStateValue }) {
  const status = parentElement.querySelector("#status")
  status.letGo?.() // what an earlier run of the page listened to
  if (status.textContent !== data.status) status.textContent = data.status

  const app = document.querySelector('[data-testid="stApp"]') ?? document.body
  const isSource = (link) => {
    const target = new URL(link.href, location.href)
    return target.origin === location.origin && target.searchParams.has("spans")
  }

  // What the browser would show as a tip goes on the card, and into the name that is read aloud.
  const dress = () => {
    for (const link of app.querySelectorAll('a[href*="spans="]:not([data-source])')) {
      if (!isSource(link)) continue
      link.dataset.source = new URL(link.href).search
      link.dataset.tip = link.title
      link.removeAttribute("title")
      link.removeAttribute("target")
      const number = /^\[(\d+)\]$/.exec(link.textContent)?.[1]
      if (number) link.setAttribute("aria-label", `Source ${number}: ${link.dataset.tip}`)
    }
  }

  // a new question moves to the top of the page while its answer grows below it, until the reader does something
  const follow = () => {
    const asked = app.querySelectorAll('[aria-label="Chat message from user"]')
    if (asked.length === Number(status.dataset.asked ?? asked.length) + 1) status.followed = asked[asked.length - 1]
    status.dataset.asked = asked.length
    if (!status.followed?.isConnected) return
    status.followed.style.scrollMarginTop = "5rem"
    status.followed.scrollIntoView({ block: "start" })
  }
  const letGo = () => {
    status.followed = null
  }

  // an answer that the address points at is brought into view once
  const point = () => {
    if (!data.pointed || status.dataset.pointed === data.pointed) return
    const tools = app.querySelector(`.st-key-tools-${CSS.escape(data.pointed)}`)
    const message = tools?.closest('[data-testid="stChatMessage"]')
    if (!message) return
    status.dataset.pointed = data.pointed
    message.style.scrollMarginTop = "8rem"
    message.scrollIntoView({ block: "start" })
    message.classList.add("casewise-pointed")
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

  // The card: it can be pointed at, stays until it is left, and Escape closes it (WCAG 1.4.13). A finger never opens it.
  const card = parentElement.querySelector("#card")
  let timer = 0
  const later = (act, wait) => {
    clearTimeout(timer)
    timer = setTimeout(act, wait)
  }
  const hide = () => {
    clearTimeout(timer)
    card.hidden = true
  }
  const close = () => {
    status.rests = null
    hide()
  }
  const place = (link) => {
    const lines = [...link.getClientRects()]
    const line = lines[0] ?? link.getBoundingClientRect()
    card.style.left = `${Math.max(16, Math.min(line.left, innerWidth - card.offsetWidth - 16))}px`
    const below = line.bottom + 6
    const fits = below + card.offsetHeight < innerHeight
    card.style.top = `${fits ? below : Math.max(8, line.top - card.offsetHeight - 6)}px`
  }
  const show = (link) => {
    const [, where, quote] = /^(.*?): (“.*”)$/s.exec(link.dataset.tip) ?? []
    if (!quote || !link.isConnected) return
    card.querySelector("#quote").textContent = quote
    card.querySelector("#place").textContent = where
    card.hidden = false
    card.scrollTop = 0
    place(link)
  }
  // the link that is pointed at or has the focus, whatever the page does meanwhile: it scrolls to an answer, or is drawn again
  const rest = (link, wait) => {
    status.rests = link
    later(() => show(link), wait)
  }
  const leave = (wait) => {
    status.rests = null
    later(hide, wait)
  }
  const held = "a[data-source]:hover, a[data-source]:focus-visible"
  const resume = () => {
    if (!status.rests) return
    later(() => {
      const link = status.rests?.isConnected ? status.rests : app.querySelector(held)
      if (link) rest(link, 0)
    }, 300)
  }
  const linkOf = (event) => event.target.closest?.("a[data-source]")
  const onOver = (event) => {
    if (event.pointerType !== "mouse") return
    const link = linkOf(event)
    if (link) rest(link, 150)
  }
  const onOut = (event) => {
    if (event.pointerType === "mouse" && linkOf(event)) leave(300)
  }
  const onFocus = (event) => {
    const link = linkOf(event)
    if (link?.matches(":focus-visible")) rest(link, 120)
  }
  const onBlur = (event) => {
    if (linkOf(event)) leave(0)
  }
  const onKey = (event) => {
    if (event.key !== "Escape") return
    if (!card.hidden) return close()
    const inside = document.activeElement?.closest(".st-key-source")
    inside?.querySelector(".st-key-close button")?.click()
  }
  card.onpointerenter = () => clearTimeout(timer)
  card.onpointerleave = () => leave(300)
  const onScroll = () => {
    hide()
    resume()
  }

  const onClick = (event) => {
    const link = linkOf(event)
    const modified = event.ctrlKey || event.metaKey || event.shiftKey || event.altKey
    if (!link || event.button !== 0 || modified) return
    event.preventDefault()
    close()
    window.casewiseOpener = link.dataset.source
    whenIdle(() => setStateValue("opened", { query: link.dataset.source, at: Date.now() }))
  }

  const onChange = () => {
    dress()
    follow()
    point()
    if (status.rests?.isConnected === false) resume()
  }
  onChange()
  resume()
  const watch = new MutationObserver(onChange)
  watch.observe(app, { childList: true, subtree: true })
  const listeners = [
    [app, "click", onClick],
    [app, "pointerover", onOver],
    [app, "pointerout", onOut],
    [app, "focusin", onFocus],
    [app, "focusout", onBlur],
    [document, "keydown", onKey],
    [document, "scroll", onScroll, true],
    ...["wheel", "touchmove", "pointerdown", "keydown"].map((act) => [window, act, letGo]),
  ]
  for (const [where, act, handle, capture = false] of listeners)
    where.addEventListener(act, handle, { capture, passive: act !== "click" })
  status.letGo = () => {
    clearTimeout(timer)
    watch.disconnect()
    for (const [where, act, handle, capture = false] of listeners) where.removeEventListener(act, handle, capture)
  }
  return status.letGo
}
