"""The x-rules of a message (E5): contracts/rules.schema.json describes the closed set. A rule about an absent field holds."""

from collections.abc import Mapping
from functools import reduce
from typing import Any

from .event import parse_time
from .json_pointer import scalar_text, values_at


def holds(rule: Mapping[str, Any], payload: Any, headers: Mapping[str, str]) -> bool:
    values = values_at(payload, rule["field"])
    match rule["rule"]:
        case "equals-header":
            header = headers.get(rule["header"])
            return all(header is not None and scalar_text(value) == header for value in values)
        case "check-character":
            return all(isinstance(value, str) and _check_character_fits(value, rule) for value in values)
        case "not-before":
            return _not_before(values, values_at(payload, rule["other"]))
        case "count":
            return all(_is_number(value, len(values_at(payload, rule["of"]))) for value in values)
        case "sum":
            total = _sum(values_at(payload, rule["of"]))
            return all(total is not None and _is_number(value, total) for value in values)
    raise ValueError(f"unknown rule {rule['rule']}")


def _check_character_fits(text: str, rule: Mapping[str, Any]) -> bool:
    slices = rule.get("slices", [[0, -1]])
    digits = [character for start, end in slices for character in text[start:end] if character in "0123456789"]
    if not digits:
        return False
    alphabet = rule["alphabet"]
    # Digit by digit: the number may be as long as the text.
    remainder = reduce(lambda before, digit: (before * 10 + int(digit)) % len(alphabet), digits, 0)
    return text[-1] == alphabet[remainder]


def _not_before(values: list[Any], others: list[Any]) -> bool:
    times = [_time(value) for value in values]
    return all(time >= other for other in map(_time, others) for time in times)


def _time(value: Any) -> float:
    """NaN, which no comparison holds for, where the value is no RFC 3339 time."""
    time = parse_time(value) if isinstance(value, str) else None
    return float("nan") if time is None else float(time)


def _is_number(value: Any, expected: int) -> bool:
    return not isinstance(value, bool) and value == expected


def _sum(values: list[Any]) -> int | None:
    """None where one of them is no whole number, or the sum is beyond what every receiver can count exactly."""
    if any(isinstance(value, bool) or not isinstance(value, int | float) or value != value // 1 for value in values):
        return None
    total = sum(int(value) for value in values)
    return total if abs(total) < 2**53 else None
