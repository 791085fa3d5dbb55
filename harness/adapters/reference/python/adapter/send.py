"""Sending to a stream (S1 to S5): what every pattern but request-reply does."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from .application import Application
from .bus import PUBLISH_REPEATS, Bus, NotStored
from .check import fault_of
from .contract import Contract, Flow
from .event import Event, from_nats
from .memory import Memory
from .port import CONFLICT, EXPIRED, INVALID, STORED, TOO_LARGE, Answer


@dataclass(frozen=True)
class Context:
    """All that a flow is sent and received with."""

    contract: Contract
    bus: Bus
    application: Application


def now() -> int:
    """Milliseconds since the epoch."""
    return time.time_ns() // 1_000_000


def prepare(flow: Flow, event: Event) -> str | Answer:
    """The subject of an event that may leave, or the answer that refuses it."""
    if fault := fault_of(flow, event):
        return TOO_LARGE if fault.reason == "too-large" else INVALID
    if event.expired(now()):
        return EXPIRED  # S5
    return flow.subject(event) or INVALID


def answer_to(error: NotStored) -> Answer:
    return Answer(504 if error.kind == "unacknowledged" else 503, error.kind)


async def publish(
    bus: Bus,
    flow: Flow,
    subject: str,
    event: Event,
    unheard: Callable[[], object] = lambda: None,
    more: Mapping[str, str] = {},
) -> tuple[int, bool]:
    """S3. At most once is never repeated. `more`: headers beside the event's own. @raises NotStored"""
    repeats = 0 if flow["delivery"] == "at-most-once" else PUBLISH_REPEATS
    return await bus.store(subject, event.body, {**event.headers, "Nats-Msg-Id": event.message_id, **more}, repeats, unheard)


class Sender:
    """Publish, repeat, and resolve what was there already."""

    def __init__(self, context: Context, flow: Flow) -> None:
        self.bus, self.application, self.flow = context.bus, context.application, flow
        self.memory = Memory()

    async def open(self) -> None:
        """Nothing is needed on the bus before the first event."""

    async def send(self, event: Event) -> Answer:
        subject = prepare(self.flow, event)
        if isinstance(subject, Answer):
            return subject
        try:
            answer = await self.store(subject, event)
        except NotStored as error:
            return answer_to(error)
        if answer.status == 202:
            self.memory.remember(event)
        return answer

    async def store(self, subject: str, event: Event) -> Answer:
        sequence, duplicate = await self.publish(subject, event)
        return await self.answer_duplicate(event, sequence) if duplicate else STORED

    async def publish(self, subject: str, event: Event, **more: str) -> tuple[int, bool]:
        def unheard() -> None:
            # S4: what this adapter itself may have stored is what the bus may know already.
            if self.memory.recall(event) == "unknown":
                self.memory.remember(event)

        return await publish(self.bus, self.flow, subject, event, unheard, more)

    async def answer_duplicate(self, event: Event, sequence: int) -> Answer:
        """S4: the bus knew the id, as the message at `sequence`."""
        stored = None
        if self.flow.senders == {self.bus.application}:  # another provider's messages may not be read
            stored = await self.bus.read(self.flow["stream"], seq=sequence)
        if stored is not None:
            return await self.answer_against(event, from_nats(stored.headers, stored.data))
        match self.memory.recall(event):
            case "same":
                return STORED
            case "other":
                return await self.conflict(event)
        return Answer(409, "conflict-unknown")

    async def answer_against(self, event: Event, stored: Event) -> Answer:
        return STORED if stored.digest == event.digest else await self.conflict(event)

    async def conflict(self, event: Event) -> Answer:
        await self.bus.notify(event, "conflict")
        return CONFLICT
