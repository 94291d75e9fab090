"""The list of documents: searched, filtered, sorted, and a page of it shown at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import streamlit as st

from assistant.holdings import Holding, Standing
from assistant.types import Facet
from assistant.ui.reading_components import Row, document_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.index import PassageIndex

_ANY = "All"
_PAGE = 50
"""How many documents are shown at a time."""

_TAGS = 6
"""How many themes and aspects are named beside a document."""

_CASES = 3
"""How many cases are."""

_COLUMNS = ("title", "cases", "tags", "date", "form", "pages", "standing")
_FORMS = {"text": "Text", "markdown": "Markdown", "html": "Web page", "word": "Word", "pdf": "PDF"}


@dataclass(frozen=True, slots=True)
class Wish:
    """Which documents are looked for, and in which order."""

    words: str = ""
    case: str | None = None
    tag: str | None = None
    standing: str | None = None
    column: str = "title"
    descending: bool = False


def chosen(held: Sequence[Holding], wish: Wish) -> list[Holding]:
    """Return the documents that are looked for, in order. Pure."""
    words = wish.words.casefold().split()
    found = [one for one in held if _fits(one, wish) and all(word in _searched(one) for word in words)]
    return sorted(found, key=lambda one: _place(one, wish.column), reverse=wish.descending)


def show_documents(held: Sequence[Holding], index: PassageIndex) -> None:
    """Draw the list."""
    state = st.session_state
    state.setdefault("order", ("title", False))
    wish = _wish(held, index)
    found = chosen(held, wish)
    first = _first(len(found), wish)
    shown = found[first : first + _PAGE]
    st.markdown(_counted(held, found, first, len(shown)))
    if shown:
        document_table([_row(one) for one in shown], wish.column, wish.descending, _open, _sort)
    _turners(first, len(found))


def format_name(form: str) -> str:
    """Return what a format is called."""
    return _FORMS.get(form, form.capitalize())


def _wish(held: Sequence[Holding], index: PassageIndex) -> Wish:
    column, descending = st.session_state["order"]
    words, case, tag, standing = st.columns([3, 2, 2, 2])
    tags = [entry.name for facet in (Facet.THEME, Facet.ASPECT) for entry in index.taxonomy.entries[facet]]
    cases = [entry.name for entry in index.taxonomy.entries[Facet.CASE]]
    there = [one.value for one in Standing if any(held_one.standing is one for held_one in held)]
    return Wish(
        words.text_input("Search titles, names and cases", key="shelf_words"),
        _one_of(case.selectbox("Case", [_ANY, *cases], key="shelf_case")),
        _one_of(tag.selectbox("Theme or aspect", [_ANY, *tags], key="shelf_tag")),
        _one_of(standing.selectbox("State", [_ANY, *there], key="shelf_standing")),
        column,
        descending,
    )


def _one_of(choice: str) -> str | None:
    return None if choice == _ANY else choice


def _fits(one: Holding, wish: Wish) -> bool:
    carried = {name for _, name, _ in one.tags}
    return (
        (wish.case is None or wish.case in one.cases or wish.case in carried)
        and (wish.tag is None or wish.tag in carried)
        and (wish.standing is None or one.standing == wish.standing)
    )


def _searched(one: Holding) -> str:
    return " ".join((one.title, one.id, *one.cases)).casefold()


def _place(one: Holding, column: str) -> tuple[bool, str | int, str]:
    """Return where a document stands in an order; what has nothing in the column comes first of all, or last."""
    values: dict[str, str | int] = {
        "cases": ", ".join(one.cases).casefold(),
        "tags": one.untagged,
        "date": one.date,
        "form": one.form,
        "pages": one.pages,
        "standing": one.standing.value,
    }
    value = values.get(column, (one.title or one.id).casefold())
    return value != "", value, one.id


def _first(count: int, wish: Wish) -> int:
    """Return the number of the first document shown: another wish begins at the first."""
    state = st.session_state
    if state.get("wished") != wish:
        state["wished"], state["first"] = wish, 0
    return int(min(state["first"], max((count - 1) // _PAGE * _PAGE, 0)))


def _counted(held: Sequence[Holding], found: Sequence[Holding], first: int, shown: int) -> str:
    if not found:
        return "No document is like that. Search for fewer words, or set the filters to All."
    of = f"{len(found):,} of {len(held):,}" if len(found) < len(held) else f"{len(held):,}"
    documents = f"{of} document{'s' * (len(held) != 1)}"
    return documents if shown == len(found) else f"{documents}, {first + 1:,} to {first + shown:,} shown"


def _turners(first: int, count: int) -> None:
    if count <= _PAGE:
        return
    with st.container(horizontal=True):
        st.button("Previous", on_click=_turn, args=(first - _PAGE,), disabled=first == 0, key="shelf_previous")
        st.button("Next", on_click=_turn, args=(first + _PAGE,), disabled=first + _PAGE >= count, key="shelf_next")


def _row(one: Holding) -> Row:
    tags = [(name, count) for facet, name, count in one.tags if facet is not Facet.CASE]
    return {
        "id": one.id if one.is_open else "",
        "href": "?" + urlencode({"document": one.id}),
        "title": one.title or one.id,
        "name": one.id,
        "cases": _listed(one.cases, _CASES),
        "tags": _listed([f"{name} {count:,}" for name, count in tags], _TAGS),
        "untagged": f"{one.untagged:,} of {one.passages:,} untagged" if one.untagged else "",
        "date": one.date,
        "form": format_name(one.form) if one.form else "",
        "pages": f"{one.pages:,}" if one.pages else "",
        "standing": one.standing.value,
        "detail": f"As {one.detail} does" if one.standing is Standing.SAME else one.detail,
        "calm": one.standing is Standing.IN_USE,
    }


def _listed(names: Sequence[str], most: int) -> str:
    more = [f"{len(names) - most:,} more"] if len(names) > most else []
    return ", ".join([*names[:most], *more])


def _turn(first: int) -> None:
    st.session_state["first"] = first


def _open(document: str) -> None:
    st.query_params.from_dict({"document": document})


def _sort(column: str) -> None:
    if column in _COLUMNS:
        before, descending = st.session_state["order"]
        st.session_state["order"] = (column, not descending if column == before else False)
