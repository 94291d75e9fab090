from __future__ import annotations

import tomllib

from hypothesis import given
from hypothesis import strategies as st

from assistant.toml_text import appended, line

TEXT = st.text(st.characters(exclude_categories=["Cs"]))


@given(TEXT, st.lists(TEXT))
def test_any_text_comes_back_as_it_was(text: str, several: list[str]) -> None:
    content = appended(b"", "things", [line("one", text), line("several", several)])
    assert tomllib.loads(content.decode()) == {"things": [{"one": text, "several": several}]}


def test_what_stood_before_stays_as_it_was() -> None:
    before = b"\xef\xbb\xbf# mine\r\na = 1 # why\r\n\r\n\r\n"
    after = appended(before, "things", [line("one", "x")])
    assert after == b'\xef\xbb\xbf# mine\r\na = 1 # why\r\n\r\n[[things]]\r\none = "x"\r\n'
