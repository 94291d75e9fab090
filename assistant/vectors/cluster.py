"""A Milvus server: the connection to it, and the one place where what it says of its troubles is translated."""

from __future__ import annotations

import logging
import re
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar
from urllib.parse import urlsplit

from assistant.errors import ClusterAway, ClusterError, SettingsError

if TYPE_CHECKING:
    from collections.abc import Callable

    from assistant.services import Services

Found = TypeVar("Found")
Given = ParamSpec("Given")

_CONNECT_FAILED = 2
_REFUSED = frozenset({"UNAUTHENTICATED", "PERMISSION_DENIED"})
_TOO_LATE = "DEADLINE_EXCEEDED"
_AWAY = frozenset({"UNAVAILABLE", _TOO_LATE, "CANCELLED"})
_CONNECTION = {"grpc.keepalive_time_ms": 60_000, "grpc.keepalive_permit_without_calls": 0}
"""An idle connection is left alone: Milvus Lite ends one that asks every ten seconds whether it is there."""
_LONGEST_REASON = 300
_PATIENCE = 12
"""How many times as long a step of a build may take as a question: a collection is made and loaded, rows are made durable."""


@dataclass(frozen=True, slots=True)
class Version:
    """What a server says it is, such as ``v2.5.4`` or ``milvus_lite-3.2.2``, and what it can do."""

    text: str

    @property
    def searches_words(self) -> bool:
        """Whether it makes BM25 vectors of texts by itself, as Milvus does since 2.5."""
        return self._number >= (2, 5)

    @property
    def indexes_tags(self) -> bool:
        """Whether lists of numbers can have an index: in servers since 2.5, not in Milvus Lite."""
        return self._number >= (2, 5) and "lite" not in self.text

    @property
    def _number(self) -> tuple[int, int]:
        found = re.search(r"(\d+)\.(\d+)", self.text)
        return (int(found[1]), int(found[2])) if found else (0, 0)


class Cluster:
    """A Milvus server, connected to when it is first asked something, and anew after it was away.

    Safe to use from several threads.
    """

    def __init__(self, uri: str, token: str = "", seconds: float = 10) -> None:
        self._uri, self._token, self._seconds = uri, token, seconds
        self._client: Any = None
        self._lock = Lock()

    @property
    def address(self) -> str:
        """Where the server is, without what only its users may know."""
        parts = urlsplit(self._uri)
        return self._uri.replace(f"{parts.netloc}", parts.netloc.rpartition("@")[2]) if parts.netloc else self._uri

    @property
    def version(self) -> Version:
        """What the server says it is."""
        return Version(str(self.ask(lambda client, seconds: client.get_server_version(timeout=seconds))))

    def ask(
        self, work: Callable[Concatenate[Any, float, Given], Found], *given: Given.args, **named: Given.kwargs
    ) -> Found:
        """Return what ``work`` makes of a client of pymilvus, of the seconds that it may wait, and of what else it is given.

        Raises:
            ClusterAway: the server does not answer within that time.
            ClusterError: it refuses.
            SettingsError: pymilvus is missing, or the address is none.
        """
        return self._ask(lambda client: work(client, self._seconds, *given, **named))

    def build(
        self, work: Callable[Concatenate[Any, float, Given], Found], *given: Given.args, **named: Given.kwargs
    ) -> Found:
        """Do the same for a step of a build, which may take longer.

        Raises:
            ClusterError, SettingsError: as ``ask``.
        """
        return self._ask(lambda client: work(client, _PATIENCE * self._seconds, *given, **named))

    def close(self) -> None:
        """Let go of the connection; the next question makes another."""
        self._drop(self._client)

    def _drop(self, client: Any) -> None:
        with self._lock:
            if client is None or client is not self._client:
                return
            self._client = None
        with suppress(Exception):  # there is nobody left to say goodbye to
            client.close()

    def _ask(self, work: Callable[[Any], Found]) -> Found:
        """Return what ``work`` makes of a client; a connection that broke while nobody asked is made anew, once."""
        try:
            return self._tried(work)
        except _Broken:
            return self._tried(work)

    def _tried(self, work: Callable[[Any], Found]) -> Found:
        pymilvus, client = _pymilvus(), None
        try:
            client = self._connected(pymilvus)
            return work(client)
        except pymilvus.MilvusException as error:
            told, cause = self._translated(error.code, error.message, is_new=client is None), error
        except _rpc_error() as error:
            told, cause = self._translated(error.code(), error.details() or ""), error
        except ValueError as error:
            if "closed channel" not in str(error):  # another thread has just found the server gone
                raise
            told, cause = self._away(_Broken), error
        if isinstance(told, ClusterAway):
            self._drop(client)
        raise told from cause

    def _connected(self, pymilvus: Any) -> Any:
        with self._lock:
            if self._client is None:
                self._client = pymilvus.MilvusClient(
                    self._uri, token=self._token, timeout=self._seconds, dedicated=True, grpc_options=_CONNECTION
                )
            return self._client

    def _translated(self, code: Any, message: str, *, is_new: bool = False) -> ClusterError:
        name = getattr(code, "name", "")
        if name in _REFUSED or "auth check failure" in message:
            return ClusterError(
                f"Milvus at {self.address} refuses who asks. Mend CASEWISE_MILVUS_TOKEN: a token, or user:password."
            )
        if name in _AWAY or code == _CONNECT_FAILED:
            return self._away(ClusterAway if is_new or name == _TOO_LATE else _Broken)
        if "is illegal, needs start with" in message:
            return ClusterError(
                f'"{self.address}" is no address of a Milvus server. Mend CASEWISE_MILVUS_URI: http://host:19530, or a file '
                "that ends in .db for Milvus Lite."
            )
        return ClusterError(f"Milvus at {self.address} does not do as it is asked: {self._reason(message)}")

    def _away(self, kind: type[ClusterAway]) -> ClusterAway:
        return kind(
            f"Milvus at {self.address} does not answer (CASEWISE_MILVUS_SECONDS is {self._seconds:g}). Start it, or mend "
            "CASEWISE_MILVUS_URI; the next question tries again."
        )

    def _reason(self, message: str) -> str:
        said = " ".join(message.split())
        for secret in filter(None, (self._token, urlsplit(self._uri).password)):
            said = said.replace(secret, "…")
        return said[:_LONGEST_REASON] + "…" * (len(said) > _LONGEST_REASON)


class _Broken(ClusterAway):
    """A connection that there was is there no more; the server may well be."""


def cluster_of(settings: Services) -> Cluster | None:
    """Return the cluster that the settings name, or ``None`` where they name none."""
    if settings.milvus_uri is None:
        return None
    token = settings.milvus_token.get_secret_value() if settings.milvus_token else ""
    return Cluster(settings.milvus_uri, token, settings.milvus_seconds)


@lru_cache(maxsize=1)
def _pymilvus() -> Any:
    """Return pymilvus, which takes a second to import and would write every error to standard error itself."""
    try:
        import pymilvus
    except ImportError as error:
        raise SettingsError(
            'CASEWISE_MILVUS_URI is set, and pymilvus is not installed. Install it: pip install "casewise[milvus]".'
        ) from error
    for name in ("pymilvus", "milvus_lite", "grpc._server"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    return pymilvus


def _rpc_error() -> type[Any]:
    import grpc

    found: type[Any] = grpc.RpcError
    return found
