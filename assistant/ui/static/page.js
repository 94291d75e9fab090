// Shows a page as a picture, and brings the marked words into view.

export default function ({ data, parentElement }) {
  const frame = parentElement.querySelector("#page")
  if (frame.dataset.version === data.version) return closed
  frame.dataset.version = data.version
  const picture = new Image()
  picture.alt = data.alternative
  picture.src = `data:image/png;base64,${data.picture}`
  frame.replaceChildren(picture)
  const isNew = isNewlyOpened(data.opened)
  const show = () => {
    frame.scrollTop = (data.top ?? 0) * picture.clientHeight - frame.clientHeight / 3
    frame.scrollLeft = (data.left ?? 0) * picture.clientWidth - frame.clientWidth / 8
    if (isNew) frame.focus({ preventScroll: true })
    if (isNew) keepInWindow(frame)
  }
  picture.decode().then(show, show)
  return closed
}
