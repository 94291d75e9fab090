from __future__ import annotations

import inspect
import re

from assistant import errors
from assistant.errors import CasewiseError


def classes() -> dict[str, type]:
    return {name: one for name, one in inspect.getmembers(errors, inspect.isclass) if one.__module__ == errors.__name__}


def drawn_parents() -> dict[str, str]:
    """Return each error that the docstring's tree draws, with the one it stands under."""
    parents: dict[str, str] = {}
    path: list[str] = []
    for line in (errors.__doc__ or "").splitlines():
        branch = re.match(r"    ((?:│   |    )*)(├── |└── )?(\w+)", line)
        if branch:
            depth = len(branch[1]) // 4 + bool(branch[2])
            path[depth:] = [branch[3]]
            parents[branch[3]] = path[depth - 1] if depth else "Exception"
    return parents


def test_the_tree_in_the_docstring_is_the_tree_of_classes() -> None:
    assert drawn_parents() == {name: one.__mro__[1].__name__ for name, one in classes().items()}


def test_whoever_catches_the_root_catches_every_error() -> None:
    assert classes()
    assert all(issubclass(one, CasewiseError) for one in classes().values())


def test_every_error_says_what_it_is_for() -> None:
    assert all(one.__doc__ and one.__doc__.endswith(".") for one in classes().values())
