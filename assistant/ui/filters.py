"""The filters of a page: by theme, aspect and case, with what each leaves, and in the address so that they can be shared."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from assistant.types import Facet, Filters
from assistant.ui.links import escaped

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np

    from assistant.index import PassageIndex
    from assistant.taxonomy import Taxonomy

_EVERYTHING = "All"


def choose_filters(index: PassageIndex) -> None:
    """Draw the filters. The address begins them, and follows them."""
    unknown = _from_address(index.taxonomy)
    chosen = {facet: st.session_state.get(_key(facet), _EVERYTHING) for facet in Facet}
    for facet in Facet:
        _choose(index, facet, chosen)
        _to_address(facet.value, getattr(filters_set(), facet.value))
    if unknown:
        st.caption(f"The address asked for {unknown}, which this library does not have: it is left out.")


def filters_set() -> Filters:
    """Return the filters that are set."""
    chosen = {facet.value: st.session_state.get(_key(facet), _EVERYTHING) for facet in Facet}
    return Filters(**{name: None if value == _EVERYTHING else value for name, value in chosen.items()})


def counts(index: PassageIndex, facet: Facet, others: Filters) -> dict[str, int]:
    """Return for each name of a facet how many passages it would leave beside the other filters."""
    allowed = index.allowed(others)
    rows = {entry.name: _rows(index, facet, entry.name) for entry in index.taxonomy.entries[facet]}
    return {name: len(own) if allowed is None else int(allowed.mask[own].sum()) for name, own in rows.items()}


def _choose(index: PassageIndex, facet: Facet, chosen: Mapping[Facet, str]) -> None:
    entries = index.taxonomy.entries[facet]
    others = {one.value: value for one, value in chosen.items() if one is not facet and value != _EVERYTHING}
    left = counts(index, facet, Filters(**others))
    st.selectbox(
        facet.value.capitalize(),
        [_EVERYTHING, *left],
        format_func=lambda name: name if name == _EVERYTHING else f"{_title(name)} ({left[name]:,})",
        help="\n".join(f"- **{escaped(_title(entry.name))}**: {escaped(entry.definition)}" for entry in entries)
        or None,
        key=_key(facet),
        disabled=not entries,
        persist_state="session",
    )


def _from_address(taxonomy: Taxonomy) -> str:
    """Set the filters that the address names, once a session; return in words those that the library does not know."""
    if st.session_state.get("filters_read"):
        known = {facet: {entry.name for entry in taxonomy.entries[facet]} for facet in Facet}
        for facet in Facet:  # a library that was rebuilt may have lost what was chosen
            if st.session_state.get(_key(facet), _EVERYTHING) not in {_EVERYTHING, *known[facet]}:
                st.session_state[_key(facet)] = _EVERYTHING
        return str(st.session_state.get("filters_unknown", ""))
    st.session_state.filters_read = True
    unknown = []
    for facet in Facet:
        written = st.query_params.get(facet.value)
        name = taxonomy.known(facet, written) if written else None
        if name is not None:
            st.session_state[_key(facet)] = name
        elif written:
            unknown.append(f"the {facet.value} “{escaped(written[:60])}”")
    st.session_state.filters_unknown = " and ".join(unknown)
    return str(st.session_state.filters_unknown)


def _to_address(name: str, value: str | None) -> None:
    if st.query_params.get(name) == value:
        return
    if value is None:
        del st.query_params[name]
    else:
        st.query_params[name] = value


def _rows(index: PassageIndex, facet: Facet, name: str) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return index.catalogue.tagged(facet, name)


def _key(facet: Facet) -> str:
    return f"filter_{facet.value}"


def _title(name: str) -> str:
    return name[:1].upper() + name[1:]
