"""Values in a payload."""

from decimal import Decimal
from typing import Any


def values_at(value: Any, pointer: str) -> list[Any]:
    """What a JSON Pointer finds in which * stands for every item of an array. Unknown places give nothing."""
    found = [value]
    for token in pointer.split("/")[1:]:
        name = token.replace("~1", "/").replace("~0", "~")
        found = [inner for outer in found for inner in _members(outer, name)]
    return found


def _members(value: Any, name: str) -> list[Any]:
    if isinstance(value, list):
        if name == "*":
            return value
        return value[int(name) : int(name) + 1] if name.isdecimal() else []
    return [value[name]] if isinstance(value, dict) and name in value else []


def scalar_text(value: Any) -> str | None:
    """A string as it is, a number or a boolean as JSON writes it; None for anything else."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return _number_text(value) if isinstance(value, int | float) else None


def _number_text(number: int | float) -> str:
    """As ECMAScript writes it: 1.0 is 1, and exponents begin later than Python's."""
    if isinstance(number, int) or (number.is_integer() and abs(number) < 1e21):
        return str(int(number))
    mantissa, _, exponent = repr(number).partition("e")
    if not exponent:
        return mantissa
    return format(Decimal(repr(number)), "f") if -7 < int(exponent) < 0 else f"{mantissa}e{int(exponent):+d}"
