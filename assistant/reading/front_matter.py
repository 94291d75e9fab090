"""Front matter: what a Markdown file says of itself, in YAML between two drawn lines at its very beginning.

Values are kept as they are written: nothing is turned into a date, a number or a truth value, and nothing is built from what a
file asks for. Keys that mean nothing here are other programs' own, and are passed over.

Front matter that is no YAML refuses the file. Left aside, the case that it names would be lost without a word; kept as text,
it would be quoted.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import yaml

from assistant.errors import ReadingError
from assistant.metadata import joined, key

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

FRONT_MATTER = re.compile(
    r"\ufeff?---[ \t]*\r?\n(?P<yaml>(?=[\w-]+[ \t]*:).*?\r?\n)(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL
)
"""Two drawn lines, the first line between them a key with a colon; anything else is text between rules."""

_LONGEST = 20_000
_DEEPEST = 10
_FIRST_LINE = 2
"""The line of the file on which the YAML begins: the one below the first drawn line."""


def front_matter(text: str, name: str) -> Mapping[str, str]:
    """Return what the front matter of the file called ``name`` says, under the keys of ``metadata.KEYS``.

    Several names of cases, themes or aspects are joined by semicolons. A text without front matter says nothing.

    Raises:
        ReadingError: it is no YAML, refers to itself by aliases, is too long or too deep, or a value is no text; the message
            names the line.
    """
    found = FRONT_MATTER.match(text)
    if not found:
        return {}
    if len(found["yaml"]) > _LONGEST:
        raise ReadingError(
            f'The front matter of "{name}" is longer than {_LONGEST:,} characters. Close it with a line "---" above the text.'
        )
    said: dict[str, str] = {}
    for meant, written, value in _entries(found["yaml"].replace("\r\n", "\n"), name):
        if meant in said:
            raise _wrong(name, written.start_mark, f'"{written.value}" is there twice', "Keep one")
        said[meant] = value
    return {meant: value for meant, value in said.items() if value}


def _entries(source: str, name: str) -> Iterator[tuple[str, yaml.ScalarNode, str]]:
    """Yield each key that means something: what it means, as it is written, and its value."""
    try:
        _check_shape(source, name)
        root = yaml.compose(source, Loader=yaml.SafeLoader)
    except (yaml.YAMLError, ValueError, OverflowError) as error:  # the latter from escapes beyond Unicode
        raise _wrong(name, getattr(error, "problem_mark", None), _problem(error), "Put the value in quotes") from error
    if not isinstance(root, yaml.MappingNode):
        raise _wrong(name, None, "it holds no keys with values", 'Write lines such as "case: …"')
    for written, value in root.value:
        meant = key(written.value) if isinstance(written, yaml.ScalarNode) else None
        if meant:
            yield meant, written, joined(_texts(value, written, name))


def _check_shape(source: str, name: str) -> None:
    """Refuse aliases and deep nesting before anything is made of them: both can outgrow the machine."""
    depth = 0
    for event in yaml.parse(source, Loader=yaml.SafeLoader):
        if isinstance(event, yaml.AliasEvent):
            raise _wrong(name, event.start_mark, f'"*{event.anchor}" is an alias', "Write out what it stands for")
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            raise _wrong(name, event.start_mark, f"it is nested more than {_DEEPEST} deep", "Take that part out")


def _texts(value: yaml.Node, written: yaml.ScalarNode, name: str) -> Iterator[str]:
    for item in value.value if isinstance(value, yaml.SequenceNode) else [value]:
        if not isinstance(item, yaml.ScalarNode):
            raise _wrong(
                name, item.start_mark, f'"{written.value}" holds more than names', "Write a name or a list of names"
            )
        if item.tag != "tag:yaml.org,2002:null":
            yield item.value


def _problem(error: Exception) -> str:
    said = getattr(error, "problem", None) or getattr(error, "reason", None)
    return f"it is not YAML ({said})" if said else "it is not YAML"


def _wrong(name: str, mark: yaml.Mark | None, problem: str, remedy: str) -> ReadingError:
    place = f", line {mark.line + _FIRST_LINE}" if mark else ""
    return ReadingError(f'The front matter of "{name}"{place}: {problem}. {remedy}, or take the front matter out.')
