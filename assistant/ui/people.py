"""Who is in front of the page, what they may do there, and how they come in and go."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from secrets import token_urlsafe
from typing import TYPE_CHECKING

import streamlit as st

from assistant.access import may_edit, may_read
from assistant.errors import SettingsError
from assistant.ui import style
from assistant.ui.links import escaped
from assistant.ui.opening import app_settings

if TYPE_CHECKING:
    from assistant.access import Claims
    from assistant.settings import Settings

VISITOR_COOKIE = "casewise_visitor"
_ALONE = "local"
_LEAST = 16
"""Characters below which a cookie is none of ours: it could be guessed."""


@dataclass(frozen=True, slots=True)
class Person:
    """Whoever uses the page. ``id`` tells people apart and is stable; ``name`` is how they are called, where they are known."""

    id: str
    name: str | None = None
    may_edit: bool = False
    """Whether they may add and remove documents, correct tags, and see what others asked."""

    @property
    def may_evaluate(self) -> bool:
        """Whether they may run the evaluation: editors, and whoever has the machine to themselves."""
        return self.may_edit or self.id == _ALONE


def person(settings: Settings) -> Person:
    """Return who uses the page now.

    With a login, whoever signed in; without one, the one person whose machine it runs on. Where people come without a login
    from elsewhere, a browser is a person.
    """
    if settings.visitors:
        return Person(_identity("visitor", _visitor()), may_edit=settings.editing)
    if not settings.has_login:
        return Person(_ALONE, may_edit=settings.editing)
    claims = _claims()
    named = next((str(claims[key]) for key in ("name", "preferred_username", "email") if claims.get(key)), None)
    return Person(_identity("login", claims.get("iss"), claims.get("sub")), named, may_edit(settings, claims))


def admitted() -> bool:
    """Tell whether whoever is there may see the app; where not, say how they can."""
    try:
        settings = app_settings()
    except SettingsError as error:
        st.error(escaped(str(error)))
        return False
    if not settings.has_login:
        return True
    if not st.user.get("is_logged_in"):
        _show_sign_in()
        return False
    if not may_read(settings, _claims()):
        _show_refusal(person(settings))
        return False
    return True


def show_account() -> None:
    """Say who is signed in, and let them sign out."""
    settings = app_settings()
    if not settings.has_login:
        return
    with st.sidebar:
        st.caption(f"Signed in as {escaped(person(settings).name or 'somebody without a name')}")
        _sign_out()


def _show_sign_in() -> None:
    style.apply()
    st.title("Casewise", anchor=False)
    st.write("Answers from a library of case studies, with the exact words behind every sentence.")
    st.button("Sign in", type="primary", on_click=st.login)


def _show_refusal(who: Person) -> None:
    style.apply()
    st.title("You may not use this library", anchor=False)
    signed_in = f"You are signed in as {escaped(who.name)}. " if who.name else ""
    st.write(f"{signed_in}Ask whoever keeps the library to let you in, or sign in as somebody else.")
    _sign_out()


def _sign_out() -> None:
    st.button("Sign out", on_click=st.logout, key="sign_out")


def _claims() -> Claims:
    return st.user.to_dict()


def _visitor() -> str:
    """Return what a browser's cookie holds; a session without one is a person of its own."""
    cookie = st.context.cookies.get(VISITOR_COOKIE, "")
    if len(cookie) >= _LEAST:
        return str(cookie)
    return str(st.session_state.setdefault("visitor", token_urlsafe(24)))


def _identity(kind: str, *parts: object) -> str:
    return f"{kind}-{sha256(repr(parts).encode()).hexdigest()[:32]}"
