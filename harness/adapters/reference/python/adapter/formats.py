"""The formats of JSON Schema that a contract may use, all of them asserted (E5)."""

import re

from jsonschema import Draft202012Validator, FormatChecker
from regex import error as regex_error

from .ecma import compile_pattern
from .event import parse_time
from .settings import Misconfigured

FORMATS = (
    *("date-time", "date", "time", "duration", "email", "hostname", "ipv4", "ipv6", "uri", "uri-reference", "uri-template"),
    *("uuid", "json-pointer", "relative-json-pointer", "regex"),
)
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)(\.[0-9]+)?([Zz]|[+-]([01][0-9]|2[0-3]):[0-5][0-9])")
_EMAIL_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_EMAIL = re.compile(rf"{_EMAIL_ATOM}(?:\.{_EMAIL_ATOM})*@(?:{_LABEL}\.)+{_LABEL}")
_VISIBLE = re.compile(r"[!-~]*")
_DURATION = re.compile(r"P(?=[0-9T])(([0-9]+Y)?([0-9]+M)?([0-9]+D)?(T(?=[0-9])([0-9]+H)?([0-9]+M)?([0-9]+S)?)?|[0-9]+W)")
_UUID = re.compile(r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")


def checker() -> FormatChecker:
    """
    jsonschema's own, where it is strict enough. It leaves out in silence what it has no package for: that is an error here.
    """
    formats = FormatChecker(formats=())
    formats.checkers = dict(Draft202012Validator.FORMAT_CHECKER.checkers)
    for name, test in _STRICTER.items():
        formats.checks(name, raises=(ValueError, regex_error))(_of_text(test))
    missing = [name for name in FORMATS if name not in formats.checkers]
    if missing:
        raise Misconfigured(f"formats {', '.join(missing)} cannot be checked: pip install -r requirements.txt")
    for name in ("uri", "uri-reference"):
        usual, _ = formats.checkers[name]
        formats.checks(name, raises=ValueError)(_of_text(lambda text, usual=usual: _VISIBLE.fullmatch(text) and usual(text)))
    return formats


def _of_text(test):
    return lambda value: not isinstance(value, str) or bool(test(value))


def _is_time(text: str) -> bool:
    """A leap second is the last of a day in UTC."""
    if not _CLOCK.fullmatch(text):
        return False
    if text[6:8] != "60":
        return True
    time = parse_time(f"1970-01-02T{text[:6]}59{re.sub(r'^[.0-9]*', '', text[8:])}")
    return time is not None and time % 86_400_000 == 86_399_000


def _is_date_time(text: str) -> bool:
    return text[10:11] in ("T", "t") and _is_time(text[11:]) and parse_time(text[:17] + "00Z") is not None


_STRICTER = {
    "date-time": _is_date_time,
    "time": _is_time,
    "duration": _DURATION.fullmatch,
    "email": _EMAIL.fullmatch,
    "uuid": _UUID.fullmatch,
    "regex": compile_pattern,
}
