"""The envelope: a CloudEvents 1.0 event in binary mode, as it is on NATS, and on HTTP (E1 to E4)."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

CONTENT_TYPE = "content-type"
DATA_CONTENT_TYPE = "ce-datacontenttype"
_RFC3339 = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.([0-9]+))?([Zz]|[+-][0-9]{2}:[0-9]{2})")


@dataclass(frozen=True)
class Event:
    """Attributes and trace context by their names on NATS, in lower case; the body is the payload, as bytes."""

    headers: Mapping[str, str]
    body: bytes

    def __getitem__(self, header: str) -> str:
        """Value of a header; '' where it is absent."""
        return self.headers.get(header, "")

    @property
    def message_id(self) -> str:
        """`Nats-Msg-Id` (S3): source and id are unique together."""
        return f"{self['ce-source']} {self['ce-id']}"

    @property
    def digest(self) -> bytes:
        """Of what makes two events of one id the same: type and body (R3)."""
        return sha256(self["ce-type"].encode() + b"\0" + self.body).digest()

    def payload(self) -> Any:
        """Raises ValueError where the body is not JSON in UTF-8."""
        return parse_json(self.body)

    def expired(self, now: int) -> bool:
        """`now` in milliseconds since the epoch."""
        expiry = parse_time(self["ce-expirytime"])
        return expiry is not None and expiry <= now

    def http_headers(self) -> dict[str, str]:
        """E1: `ce-datacontenttype` is `Content-Type` there; all else has the same name."""
        return {CONTENT_TYPE if name == DATA_CONTENT_TYPE else name: value for name, value in self.headers.items()}


def crosses(name: str) -> bool:
    """E2: whether a header is copied between HTTP and NATS; no other is."""
    return name.startswith("ce-") or name in ("traceparent", "tracestate")


def from_nats(headers: Mapping[str, str] | None, body: bytes | None) -> Event:
    return Event({name: value for name, value in (headers or {}).items() if crosses(name)}, body or b"")


def from_http(raw: Iterable[tuple[bytes, bytes]], body: bytes) -> Event:
    """Raises ValueError where an attribute is repeated, or is not UTF-8: NATS could not carry it as it is."""
    headers: dict[str, str] = {}
    for raw_name, raw_value in raw:
        name = raw_name.decode("latin-1").lower()
        if name == CONTENT_TYPE:
            name = DATA_CONTENT_TYPE
        elif name == DATA_CONTENT_TYPE or not crosses(name):
            continue
        value = raw_value.decode()
        if name in headers and name != "tracestate":  # the lines of a tracestate are one list
            raise ValueError("a repeated header")
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return Event(headers, body)


def is_structured(content_type: str) -> bool:
    """E4: structured or batch mode."""
    return re.match(r"application/cloudevents\b", content_type, re.IGNORECASE) is not None


def parse_time(text: str) -> int | None:
    """Milliseconds since the epoch of an RFC 3339 time with an offset; None for anything else."""
    match = _RFC3339.fullmatch(text)
    if match is None:
        return None
    second, fraction, offset = match.groups("")
    try:
        seconds = datetime.fromisoformat((second + offset).upper()).timestamp()
    except (ValueError, OverflowError):
        return None
    return int(seconds) * 1000 + int(fraction[:3].ljust(3, "0"))


def format_time(milliseconds: int) -> str:
    seconds, rest = divmod(milliseconds, 1000)
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S") + f".{rest:03d}Z"


def parse_json(body: bytes) -> Any:
    """
    RFC 8259 in UTF-8, which `json.loads` alone is not: it guesses at UTF-16, skips a byte order mark and takes NaN. Numbers beyond
    2^53 are taken as doubles, as most receivers do. Raises ValueError.
    """
    try:
        return json.loads(body.decode(), parse_int=_integer, parse_constant=_no_constant)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _integer(text: str) -> int | float:
    number = float(text)
    return int(text) if abs(number) < 2**53 else number


def _no_constant(_: str) -> None:
    raise ValueError("no JSON")
