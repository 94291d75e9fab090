"""The address the app listens on, and how people come in there: decided, and taken, before anything else is loaded."""

from __future__ import annotations

import errno
import socket
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from importlib.util import find_spec
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from assistant.access import LOGIN, missing_for_login
from assistant.errors import CasewiseError, SettingsError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.settings import Settings

_HERE = ("localhost", "127.0.0.1", "::1")
_BACKLOG = 1024
"""How many connections may wait at the door: browsers that come while an index is built are served after it."""


class Entry(Enum):
    """How people come in: as the one whose machine this is, with a login, or without one from anywhere."""

    LOCAL = "local"
    LOGIN = "login"
    VISITORS = "visitors"


@dataclass(frozen=True, slots=True)
class Door:
    """A socket that listens, and how people come in by it."""

    host: str
    port: int
    entry: Entry
    listener: socket.socket

    @property
    def address(self) -> str:
        """The address of the page on this machine."""
        everywhere = self.host in ("0.0.0.0", "::", "")  # noqa: S104 - said, not bound
        host = "localhost" if everywhere else f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"


@contextmanager
def opened_door(settings: Settings, host: str, port: int, *, login: bool) -> Iterator[Door]:
    """Listen on an address; ``login`` tells that people must not be let in from elsewhere without one.

    Raises:
        UsageError: others could reach the address, and there is neither a login nor the word that none is wanted.
        SettingsError: the login's settings are not all there, or what it needs is not installed.
        CasewiseError: the address cannot be listened on.
    """
    entry = entry_of(settings, host, login=login)
    with _listener(host, port) as listener:
        yield Door(host, listener.getsockname()[1], entry, listener)


def entry_of(settings: Settings, host: str, *, login: bool) -> Entry:
    """Return how people come in.

    Raises:
        UsageError, SettingsError: as ``opened_door``.
    """
    if not login:
        return Entry.VISITORS
    missing = missing_for_login(settings)
    if missing:
        names = ", ".join(f"CASEWISE_{name.upper()}" for name in missing)
        raise SettingsError(f"The login is set up in part. Set {names} too, or none of them.")
    if settings.has_login:
        _check_login_is_installed()
        return Entry.LOGIN
    if not is_loopback(host):
        names = ", ".join(f"CASEWISE_{name.upper()}" for name in LOGIN)
        raise UsageError(
            f'Others can reach "{host}", and there is no login. Set one up ({names}), '
            "or let in whoever comes: casewise serve --no-login"
        )
    return Entry.LOCAL


def is_loopback(host: str) -> bool:
    """Tell whether only this machine reaches an address."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def allowed_hosts(settings: Settings, entry: Entry) -> list[str]:
    """Return the names under which browsers may ask for the app: a page elsewhere must not point a name of its own at it.

    None stands for any name: whoever lets everybody in need not say how they call the machine.
    """
    if entry is Entry.VISITORS:
        return []
    public = urlsplit(settings.login_redirect_uri or "").hostname if entry is Entry.LOGIN else None
    return [*_HERE, *([public] if public else [])]


def _check_login_is_installed() -> None:
    if find_spec("authlib") is None or find_spec("httpx") is None:
        raise SettingsError('The login needs Authlib. Install it: pip install "casewise[login]"')


def _listener(host: str, port: int) -> socket.socket:
    try:
        family, _, _, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        return socket.create_server(place[:2], family=family, backlog=_BACKLOG)
    except (socket.gaierror, UnicodeError) as error:
        raise CasewiseError(f'"{host}" is no address of this machine. Name another: casewise serve --host …') from error
    except OSError as error:
        raise CasewiseError(_reason(error, host, port)) from error


def _reason(error: OSError, host: str, port: int) -> str:
    match error.errno:
        case errno.EADDRINUSE:
            return (
                f"Something listens on port {port} already. Stop it, or choose another port: "
                f"casewise serve --port {port + 1 if port < 65535 else 8501}"
            )
        case errno.EACCES:
            return f"Port {port} is not for everybody to use. Choose one above 1023: casewise serve --port 8501"
        case errno.EADDRNOTAVAIL:
            return f'"{host}" is no address of this machine. Name another: casewise serve --host …'
    return f'"{host}:{port}" cannot be listened on ({error.strerror}). Choose another address: --host, --port.'
