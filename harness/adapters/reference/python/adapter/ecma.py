"""
Regular expressions of JSON Schema, which are ECMA-262's (with its flag u), for Python's `regex` package. Python reads the same text
otherwise: `$` matches before a last line feed, `\\d` and `\\w` take digits and letters of every script, `\\s` and `.` other characters.
"""

from functools import cache

import regex

_ANY = 0x10FFFF
_DIGIT = [(0x30, 0x39)]
_WORD = [(0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A)]
_LINE_END = [(0x0A, 0x0A), (0x0D, 0x0D), (0x2028, 0x2029)]
_SPACE = [(0x09, 0x0D), (0x20, 0x20), (0xA0, 0xA0), (0x1680, 0x1680), (0x2000, 0x200A), (0x2028, 0x2029), (0x202F, 0x202F)]
_SPACE += [(0x205F, 0x205F), (0x3000, 0x3000), (0xFEFF, 0xFEFF)]


def _members(ranges: list[tuple[int, int]]) -> str:
    return "".join(f"\\U{low:08x}-\\U{high:08x}" for low, high in ranges)


def _others(ranges: list[tuple[int, int]]) -> str:
    ends = [-1, *(end for pair in ranges for end in pair), _ANY + 1]
    gaps = [(ends[at] + 1, ends[at + 1] - 1) for at in range(0, len(ends), 2)]
    return _members([(low, high) for low, high in gaps if low <= high])


_CLASSES = {
    **{"d": _members(_DIGIT), "w": _members(_WORD), "s": _members(_SPACE)},
    **{"D": _others(_DIGIT), "W": _others(_WORD), "S": _others(_SPACE)},
}
_IN_WORD = f"[{_CLASSES['w']}]"
_BOUNDARIES = {
    "b": f"(?:(?<={_IN_WORD})(?!{_IN_WORD})|(?<!{_IN_WORD})(?={_IN_WORD}))",
    "B": f"(?:(?<={_IN_WORD})(?={_IN_WORD})|(?<!{_IN_WORD})(?!{_IN_WORD}))",
}
_ESCAPE = regex.compile(
    r"\\(?:u\{(?P<point>[0-9A-Fa-f]+)\}|u(?P<high>[dD][89abAB][0-9A-Fa-f]{2})\\u(?P<low>[dD][c-fC-F][0-9A-Fa-f]{2})"
    r"|u(?P<unit>[0-9A-Fa-f]{4})|x(?P<byte>[0-9A-Fa-f]{2})|c(?P<control>[A-Za-z])|(?P<property>[pP]\{[^}]*\})"
    r"|k<(?P<name>[^>]+)>|(?P<back>[1-9][0-9]*)|(?P<letter>.))",
    regex.DOTALL,
)


@cache
def compile_pattern(pattern: str) -> "regex.Pattern[str]":
    """Raises `regex.error` where it is no pattern."""
    parts: list[str] = []
    at, in_class = 0, False
    while at < len(pattern):
        character = pattern[at]
        if character == "\\" and (escape := _ESCAPE.match(pattern, at)):
            parts.append(_escape(escape, in_class))
            at = escape.end()
            continue
        at += 1
        if in_class:
            in_class = character != "]"
            parts.append("\\" + character if character in "[&|~" else character)
        elif pattern.startswith("[]", at - 1) or pattern.startswith("[^]", at - 1):
            empty = pattern[at] == "]"
            parts.append("(?!)" if empty else f"[{_members([(0, _ANY)])}]")
            at += 1 if empty else 2
        else:
            in_class = character == "["
            parts.append({"$": r"\Z", ".": f"[{_others(_LINE_END)}]"}.get(character, character))
    return regex.compile("".join(parts))


def _escape(match: "regex.Match[str]", in_class: bool) -> str:
    kind, text = match.lastgroup, match[match.lastgroup]
    if kind in ("point", "unit", "byte"):
        return f"\\U{int(text, 16):08x}"
    if kind == "low":
        return f"\\U{0x10000 + ((int(match['high'], 16) & 0x3FF) << 10) + (int(text, 16) & 0x3FF):08x}"
    if kind == "control":
        return f"\\U{ord(text) % 32:08x}"
    if kind == "name":
        return f"(?P={text})"
    if kind != "letter":
        return match[0]
    if text in _CLASSES:
        return _CLASSES[text] if in_class else f"[{_CLASSES[text]}]"
    if text in _BOUNDARIES and not in_class:
        return _BOUNDARIES[text]
    return {"b": r"\x08", "0": r"\x00"}.get(text, match[0] if text in "fnrtv" else regex.escape(text, special_only=False))
