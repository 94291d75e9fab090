"""Pages of the reference that are made when the documentation is built: from ``--help`` of every command, and the settings."""

from __future__ import annotations

import ast
import inspect
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click
import typer
from pydantic_core import PydanticUndefined
from sphinx.util.docutils import SphinxDirective

from assistant.access import Access
from assistant.cli import app
from assistant.services import Services
from assistant.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docutils.nodes import Node
    from sphinx.application import Sphinx

_CODE = re.compile(r"``(.+?)``")
_SPECIAL = re.compile(r"([\\`*_<>\[\]{}|#])")


def commands() -> Iterator[str]:
    """Yield a section of Markdown for every command, as ``--help`` tells it."""
    group: Any = typer.main.get_command(app)
    context = click.Context(group, info_name="casewise")
    for name, command in group.commands.items():
        own = click.Context(command, info_name=name, parent=context)
        usage = " ".join(["casewise", name, *(command.collect_usage_pieces(own))])
        yield "\n\n".join(
            [f"## casewise {name}", _prose(command.help), f"```text\n{usage}\n```", *_parameters(command, own)]
        )


def _parameters(command: Any, context: click.Context) -> Iterator[str]:
    for parameter in command.get_params(context):
        record = parameter.get_help_record(context)
        if record is not None:
            written, told = record
            yield f"`{written}`\n: {_prose(told)}"


@dataclass(frozen=True, slots=True)
class Described:
    """Settings that one docstring describes, and what is said before them of those that follow."""

    names: tuple[str, ...]
    told: str
    before: str


def settings() -> Iterator[str]:
    """Yield Markdown for every setting, in the order and with the words in which the code has them."""
    for owner, title in ((Settings, "The library and its answers"), (Services, "Other services"), (Access, "People")):
        yield f"## {title}"
        if owner is not Settings:
            yield _prose(owner.__doc__)
        for one in described(owner):
            if one.before:
                yield _prose(one.before)
            yield "; ".join(map(_term, one.names)) + f"\n: {_prose(one.told)}"


def described(owner: type) -> Iterator[Described]:
    """Yield what a class of settings says of each, in order. Names without a docstring of their own share the next one."""
    source = inspect.getsource(owner)
    lines = source.splitlines()
    (definition,) = ast.parse(source).body
    names: list[str] = []
    end = 0
    before: list[str] = []
    for node in getattr(definition, "body", ()):
        before += _comments(lines[end : node.lineno - 1])
        end = node.end_lineno or 0
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            names.append(node.target.id)
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and names:
            yield Described(tuple(names), str(node.value.value), " ".join(before))
            names, before = [], []
        elif names:
            yield Described(tuple(names), "", " ".join(before))
            names, before = [], []
    if names:
        yield Described(tuple(names), "", " ".join(before))


def _comments(lines: list[str]) -> list[str]:
    return [line.strip().removeprefix("#").strip() for line in lines if line.strip().startswith("#")]


def _term(name: str) -> str:
    field = Settings.model_fields[name]
    default = field.default if field.default is not PydanticUndefined else None
    shown = "unset" if default in (None, ()) else f"{default:,}" if _is_count(default) else str(default)
    return f"`CASEWISE_{name.upper()}`{_kind(name)} – *{shown}*"


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _kind(name: str) -> str:
    """Return what a setting's value may be, where that is a number between two others."""
    schema = Settings.model_json_schema()["properties"][name]
    above, low, high = (schema.get(key) for key in ("exclusiveMinimum", "minimum", "maximum"))
    least = "" if above is low is None else f", above {above:,}" if low is None else f", from {low:,}"
    return least + (f" to {high:,}" if high is not None else "")


def _prose(text: str | None) -> str:
    """Return a docstring as Markdown in one paragraph."""
    parts = _CODE.split(" ".join((text or "").split()))
    return "".join(f"`{part}`" if odd % 2 else _SPECIAL.sub(r"\\\1", part) for odd, part in enumerate(parts))


class Commands(SphinxDirective):
    """Every command of ``casewise``."""

    def run(self) -> list[Node]:
        """Return the sections."""
        return self.parse_text_to_nodes("\n\n".join(commands()), allow_section_headings=True)


class AllSettings(SphinxDirective):
    """Every setting."""

    def run(self) -> list[Node]:
        """Return the sections."""
        return self.parse_text_to_nodes("\n\n".join(settings()), allow_section_headings=True)


def setup(sphinx: Sphinx) -> dict[str, bool]:
    """Let pages use the directives ``commands`` and ``settings``."""
    sphinx.add_directive("commands", Commands)
    sphinx.add_directive("settings", AllSettings)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
