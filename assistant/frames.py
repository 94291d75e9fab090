"""From lists of results to data frames of pandas: a row for each, with the columns that it has as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.grid import GridQuote
from assistant.rendering import citation_json, document_json, hit_json
from assistant.types import Document, Hit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pandas import DataFrame

    from assistant.rendering import Json
    from assistant.types import Citation


def to_pandas(results: Iterable[Hit | Citation | GridQuote | Document]) -> DataFrame:
    """Return hits, citations, the quotes of a grid or documents as a data frame, in their order.

    Columns are the keys of the JSON that ``casewise`` prints; what is several, such as spans and themes, is a list in its cell. A
    grid as a whole has its own ``to_pandas``.
    """
    from pandas import DataFrame

    return DataFrame.from_records([_row(one) for one in results])


def _row(one: Hit | Citation | GridQuote | Document) -> Json:
    match one:
        case Hit():
            return hit_json(one)
        case GridQuote():
            return citation_json(one.citation) | {"strength": one.strength, "title": one.title}
        case Document():
            return document_json(one)
        case _:
            return citation_json(one)
