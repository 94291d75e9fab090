"""The health page, for load balancers and whoever keeps the server: how it stands, and nothing that is not for everybody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import JSONResponse

from assistant.ui.opening import standing

if TYPE_CHECKING:
    from starlette.requests import Request

    from assistant.ui.opening import Standing

_UP, _DOWN = 200, 503


def health(_: Request) -> JSONResponse:
    """Answer with 200 where people can be served (they may have to wait for the model), else with 503."""
    return response_to(standing())


def response_to(now: Standing) -> JSONResponse:
    """Return what is answered where the library stands so."""
    status = "failed" if "failed" in (now.index, now.model) else "ok" if now.index == "open" else "starting"
    told = {
        "status": status,
        "index": now.index,
        "generation": now.generation,
        "documents": now.documents,
        "model": now.model,
    }
    return JSONResponse(told, _UP if status == "ok" else _DOWN, {"cache-control": "no-store"})
