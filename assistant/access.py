"""Who may come in, and who may change things: the settings for it, and what they mean for a person. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import BeforeValidator, Field, SecretStr
from pydantic_settings import BaseSettings, NoDecode

Claims = Mapping[str, object]
"""What a login tells of a person, by the names of OpenID Connect: ``iss``, ``sub``, ``name``, ``email`` …"""

LOGIN = ("login_client_id", "login_client_secret", "login_metadata_url", "login_redirect_uri")
"""The settings that a login needs, all of them."""


def _names(value: object) -> object:
    """Read names between commas.

    Raises:
        ValueError: there are none: nobody named must not come to mean everybody.
    """
    names = [name.strip() for name in value.split(",")] if isinstance(value, str) else value
    if isinstance(names, list) and not any(isinstance(name, str) and name.strip() for name in names):
        raise ValueError("it names nobody; unset it, or name somebody")
    return tuple(filter(None, names)) if isinstance(names, list) else names


Names = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_names)]


class Access(BaseSettings):
    """What can be set about people. It is part of ``Settings``."""

    editing: bool = False
    """Whether documents may be added and removed and tags corrected in the web app by people without a role."""

    login_client_id: str | None = None
    login_client_secret: SecretStr | None = None
    """What the login provider (OpenID Connect) calls this app, and the password that it gave it."""

    login_metadata_url: str | None = None
    """The provider's description: ``https://…/.well-known/openid-configuration``."""

    login_redirect_uri: Annotated[str | None, Field(pattern=r"^https?://[^/\s]+(/\S*)?/oauth2callback$")] = None
    """Where the provider sends people back to: the address that they see in their browser, and ``/oauth2callback``."""

    login_cookie_secret: Annotated[SecretStr | None, Field(min_length=32)] = None
    """What the cookies of people who are signed in are signed with. Unset, everybody signs in again when the server starts."""

    role_claim: str = "email"
    """What of a login ``readers`` and ``editors`` name: e-mail addresses, or the values of another claim, such as ``groups``."""

    readers: Names = ()
    """Who may read. Unset, everybody who can sign in."""

    editors: Names = ()
    """Who may read and edit."""

    visitors: bool = False
    """Whether people come without a login from elsewhere, and are told apart by a cookie: ``casewise serve --no-login``."""

    log_questions: bool = False
    """Whether the log holds the words of questions."""

    @property
    def has_login(self) -> bool:
        """Whether people sign in."""
        return self.login_client_id is not None and not self.visitors


def missing_for_login(access: Access) -> list[str]:
    """Return the settings that a login still needs; none where there is to be no login."""
    unset = [name for name in LOGIN if getattr(access, name) is None]
    return [] if len(unset) == len(LOGIN) else unset


def may_edit(access: Access, claims: Claims) -> bool:
    """Tell whether a person who signed in may change things."""
    return access.editing or _is_among(access.editors, access, claims)


def may_read(access: Access, claims: Claims) -> bool:
    """Tell whether a person who signed in may come in."""
    return not access.readers or _is_among(access.readers + access.editors, access, claims)


def _is_among(names: tuple[str, ...], access: Access, claims: Claims) -> bool:
    """Tell whether a claim has a value that is named. An e-mail address that the provider calls unverified counts for nothing."""
    value = claims.get(access.role_claim)
    if access.role_claim == "email" and claims.get("email_verified") in (False, "false"):
        return False
    values = value if isinstance(value, list | tuple) else [value]
    known = {name.casefold() for name in names}
    return any(isinstance(one, str) and one.casefold() in known for one in values)
