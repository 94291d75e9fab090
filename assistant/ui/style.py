"""How every page looks, beyond the theme in ``.streamlit/config.toml``."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import streamlit as st

_STATIC = Path(__file__).parent / "static"


def apply(*own: str) -> None:
    """Give the page the looks that all pages have, and those in files of ``static/`` of its own; call it first."""
    st.html(f"<style>{_styles('app.css', *own)}</style>")


@cache
def _styles(*names: str) -> str:
    return "\n".join((_STATIC / name).read_text(encoding="utf-8") for name in names)
