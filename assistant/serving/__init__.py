"""Serves the web app: the address it listens on, the app behind it, and what is said to browsers, proxies and the log."""

from __future__ import annotations

from assistant.serving.door import Door, Entry, opened_door
from assistant.serving.starting import serve

__all__ = ["Door", "Entry", "opened_door", "serve"]
