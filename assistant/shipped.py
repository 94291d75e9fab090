"""Where the files stand that come with Casewise but are no modules: the page's front door, its looks, the example library.

In a checkout they lie beside the package. A wheel has them within it, where ``pyproject.toml`` puts them, so that nothing is
installed beside the package and nothing stands twice in the repository.
"""

from __future__ import annotations

from pathlib import Path

from assistant.errors import CasewiseError

_PACKAGE = Path(__file__).resolve().parent
_INSTALLED = _PACKAGE / "checkout"


def shipped(name: str) -> Path:
    """Return where a file or folder is that comes with Casewise, such as ``app.py``.

    Raises:
        CasewiseError: it did not come along.
    """
    path = (_INSTALLED if _INSTALLED.is_dir() else _PACKAGE.parent) / name
    if not path.exists():
        raise CasewiseError(f'"{path}" is missing. Install Casewise again, from its wheel or from a whole checkout.')
    return path
