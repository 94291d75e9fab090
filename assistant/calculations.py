"""Figures worked out from cited ones: what comes of them, and how they are written out in full. Pure."""

from __future__ import annotations

from math import fsum
from statistics import fmean
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assistant.types import Calculation


def worked_out(calculation: Calculation) -> float:
    """Return what a calculation's operands come to by its operator; for any other operator, their average."""
    first, *others = calculation.operands
    match calculation.operator:
        case "+":
            return fsum(calculation.operands)
        case "−":
            return first - fsum(others)
        case "share":
            return 100 * first / (fsum(others) or 1)
        case _:
            return fmean(calculation.operands)


def in_full(calculation: Calculation) -> str:
    """Return a calculation as it is displayed: what it is of, what it is made of, and what comes of it."""
    label, result = calculation.label, _written(calculation.result)
    operands = [_written(one) for one in calculation.operands]
    match calculation.operator:
        case "average":
            return f"{label} of {', '.join(operands)}: {result}."
        case "count":
            return f"{label}: {result}."
        case "share":
            part, *whole = operands
            divisor = whole[0] if len(whole) == 1 else f"({' + '.join(whole)})"
            return f"{label}: {part} ÷ {divisor} = {result}%."
        case operator:
            return f"{label}: {f' {operator} '.join(operands)} = {result}."


def _written(number: float) -> str:
    return f"{number:,.0f}" if number == int(number) else f"{round(number, 6):,}"
