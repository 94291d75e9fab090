"""A language model behind an address, spoken to by OpenAI's protocol. The only importer of ``openai``.

A request is read by an event loop in a thread of its own: whoever waits is asked ten times a second whether to go on, and to stop
closes the connection at once, even while the server is silent.
"""

from __future__ import annotations

import asyncio
from contextlib import contextmanager, suppress
from functools import lru_cache
from queue import Empty, Queue
from threading import Event, Thread
from time import perf_counter
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from assistant.errors import LanguageModelError

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator, Sequence
    from ssl import SSLContext

    from openai import AsyncOpenAI

    from assistant.services import Services

Message = dict[str, str]
"""``{"role": "system" | "user" | "assistant", "content"}``."""

_HEARTBEAT = 0.1
_CONNECTING = 5.0
"""The longest that connecting may take, in seconds: a server that is there accepts at once."""
_ANSWER_TOKENS = 600
_REFUSED = {
    400: "does not take the request",
    401: "does not accept the key: check CASEWISE_LLM_API_KEY",
    403: "does not accept the key: check CASEWISE_LLM_API_KEY",
    404: "has no such model or address: check CASEWISE_LLM_URL and CASEWISE_LLM_MODEL",
    413: "finds the request too long: lower CASEWISE_LLM_BUDGET",
    429: "has too much to do",
}


def unwatched() -> None:
    """Go on: what is asked while waiting where nobody may want to stop."""


class LanguageModel:
    """The language model that the settings name."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self.name = services.llm_model or ""
        self.place = _place(services.llm_url or "")

    def write(
        self, messages: Sequence[Message], *, seconds: float | None = None, going_on: Callable[[], None] = unwatched
    ) -> Iterator[str]:
        """Yield what the model writes, piece by piece.

        Args:
            messages: the conversation so far.
            seconds: how long it may take in all; unset, as long as the settings say.
            going_on: called ten times a second while waiting; what it raises ends the request.

        Raises:
            LanguageModelError: the settings name no model, or it cannot be reached, is too slow, breaks off or sends what cannot
                be read. What it wrote before has been yielded.
        """
        for setting in ("llm_url", "llm_model"):
            if getattr(self._services, setting) is None:
                raise LanguageModelError(f"CASEWISE_{setting.upper()} does not say which language model to ask.")
        limit = self._services.llm_seconds if seconds is None else seconds
        request = _Request(lambda put: self._read(messages, limit, put))
        request.start()
        try:
            yield from request.pieces(going_on)
        finally:
            request.stop()

    def check(self) -> float:
        """Ask the model for a word, and return how many seconds it took to begin.

        Raises:
            LanguageModelError: as ``write``, or it wrote nothing.
        """
        begun = perf_counter()
        for _ in self.write([{"role": "user", "content": "Say yes."}]):
            return perf_counter() - begun
        raise LanguageModelError(f"{self._who()} answers, but writes nothing.")

    async def _read(self, messages: Sequence[Message], seconds: float, put: Callable[[str], None]) -> None:
        with _translated(self._who(), seconds):
            async with asyncio.timeout(seconds), self._client(seconds) as client:
                finished = await _read_stream(client, self.name, messages, put)
        if finished != "stop":
            raise LanguageModelError(f"{self._who()} broke off in the middle of its answer.")

    def _client(self, seconds: float) -> AsyncOpenAI:
        try:
            from openai import AsyncOpenAI, DefaultAsyncHttpxClient, Timeout  # takes half a second
        except ImportError as error:
            raise LanguageModelError(
                'The package "openai" is missing, which speaks to language models. Install it: pip install "casewise[llm]"'
            ) from error
        key = self._services.llm_api_key
        timeout = Timeout(seconds, connect=min(seconds, _CONNECTING))
        return AsyncOpenAI(
            http_client=DefaultAsyncHttpxClient(verify=_certificates(), timeout=timeout),
            base_url=self._services.llm_url,
            api_key=key.get_secret_value()
            if key
            else "none",  # a key is sent always; never one meant for another server
            organization="",
            project="",
            timeout=timeout,
            max_retries=self._services.llm_retries,
        )

    def _who(self) -> str:
        return f'The language model "{self.name}" at {self.place}'


@lru_cache(maxsize=1)
def _certificates() -> SSLContext:
    """Return what servers are known by. To read it takes 40 ms of processor time, which a client would for every request."""
    from httpx import create_ssl_context

    return create_ssl_context()


async def _read_stream(
    client: AsyncOpenAI, model: str, messages: Sequence[Message], put: Callable[[str], None]
) -> str | None:
    """Put what comes, and return why it ended; some servers know no temperature or limit, and are asked without."""
    from openai import BadRequestError

    asked: dict[str, Any] = {"model": model, "messages": messages, "stream": True}
    try:
        stream = await client.chat.completions.create(**asked, temperature=0, max_tokens=_ANSWER_TOKENS)
    except BadRequestError:
        stream = await client.chat.completions.create(**asked)
    finished = None
    async with stream:
        async for chunk in stream:
            for choice in chunk.choices[:1]:
                finished = choice.finish_reason or finished
                if choice.delta.content:
                    put(choice.delta.content)
    return finished


class _Request(Thread):
    """A request that is read in a thread of its own, and can be stopped from another."""

    def __init__(self, read: Callable[[Callable[[str], None]], Coroutine[Any, Any, None]]) -> None:
        super().__init__(daemon=True, name="language model")
        self._came: Queue[str | Exception | None] = Queue()
        self._begun = Event()
        self._read = read
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[None] | None = None

    def run(self) -> None:
        """Read to the end; a fault is for whoever waits."""
        try:
            with suppress(asyncio.CancelledError):
                asyncio.run(self._reading())
        finally:
            self._begun.set()
            self._came.put(None)

    async def _reading(self) -> None:
        self._loop, self._task = asyncio.get_running_loop(), asyncio.current_task()
        self._begun.set()
        try:
            await self._read(self._came.put)
        except Exception as error:  # told where it is waited for
            self._came.put(error)

    def pieces(self, going_on: Callable[[], None]) -> Iterator[str]:
        """Yield what comes; raise the fault that came."""
        while True:
            try:
                came = self._came.get(timeout=_HEARTBEAT)
            except Empty:
                going_on()
                continue
            if came is None:
                return
            if isinstance(came, Exception):
                raise came
            yield came

    def stop(self) -> None:
        """Close the connection, if it still is open."""
        self._begun.wait()
        if self.is_alive() and self._loop and self._task:
            with suppress(RuntimeError):  # it ended just now
                self._loop.call_soon_threadsafe(self._task.cancel)
        self.join()


@contextmanager
def _translated(who: str, seconds: float) -> Iterator[None]:
    """Tell what the package and the network raise in a line without what the server said: it might repeat the key."""
    try:
        yield
    except LanguageModelError:
        raise
    except Exception as error:  # a server can send whatever it likes
        raise LanguageModelError(f"{who} {_told(error, seconds)}.") from None


def _told(error: Exception, seconds: float) -> str:
    from openai import APIConnectionError, APIStatusError, APITimeoutError

    if isinstance(error, TimeoutError | APITimeoutError):
        return f"took longer than {seconds:g} s"
    if isinstance(error, APIStatusError):
        return _REFUSED.get(error.status_code, f"failed (status {error.status_code})")
    if isinstance(error, APIConnectionError):
        return "cannot be reached"
    return "broke off, or sent what cannot be read"


def _place(url: str) -> str:
    """Return an address without the name and password that may stand in it."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
