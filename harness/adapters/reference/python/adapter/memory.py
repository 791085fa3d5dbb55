"""What an adapter remembers while it lives, and never writes anywhere."""

from collections import OrderedDict
from typing import Generic, TypeVar

from .event import Event, parse_time

LIMIT = 10_000
Value = TypeVar("Value")


class _Recent(Generic[Value]):
    """The `LIMIT` values that were touched last."""

    def __init__(self) -> None:
        self._values: OrderedDict[str, Value] = OrderedDict()

    def get(self, name: str) -> Value | None:
        return self._values.get(name)

    def put(self, name: str, value: Value) -> None:
        self._values[name] = value
        self._values.move_to_end(name)
        if len(self._values) > LIMIT:
            self._values.popitem(last=False)


class Memory:
    """Events that were accepted (R3, S4): source and id, with a digest of type and body."""

    def __init__(self) -> None:
        self._digests: _Recent[bytes] = _Recent()

    def recall(self, event: Event) -> str:
        """`same` content, `other` content, or `unknown` id."""
        known = self._digests.get(event.message_id)
        if known is None:
            return "unknown"
        return "same" if known == event.digest else "other"

    def remember(self, event: Event) -> None:
        self._digests.put(event.message_id, event.digest)


class Newest:
    """R5: the `ce-time` of the newest event handed over for each type and key."""

    def __init__(self) -> None:
        self._times: _Recent[int] = _Recent()

    def outdated(self, event: Event) -> bool:
        known, time = self._times.get(value_name(event)), parse_time(event["ce-time"])
        return known is not None and time is not None and time < known

    def note(self, event: Event) -> None:
        if (time := parse_time(event["ce-time"])) is not None:
            self._times.put(value_name(event), max(time, self._times.get(value_name(event)) or time))


def value_name(event: Event) -> str:
    """What an event of a last-value flow is the value of."""
    return f"{event['ce-type']} {event['ce-partitionkey']}"
