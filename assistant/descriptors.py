"""How many files a process may have open: an index of a million passages maps some hundred of them."""

from __future__ import annotations

from contextlib import suppress

_WANTED = 16_384


def allow_many_files() -> None:
    """Let this process open as many files as the system lets it, where it lets it open few to begin with."""
    with suppress(ImportError, ValueError, OSError):  # Windows knows no such limit
        import resource

        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = _WANTED if hard == resource.RLIM_INFINITY else min(hard, _WANTED)
        if soft != resource.RLIM_INFINITY and soft < wanted:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
