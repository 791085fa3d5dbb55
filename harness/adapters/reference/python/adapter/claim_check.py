"""Claim check: contents go beside the bus, and before the event that names them (C1 to C4)."""

from contextlib import aclosing
from dataclasses import dataclass

from nats.aio.msg import Msg

from .event import Event
from .json_pointer import values_at
from .objects import Found, Objects
from .port import Answer
from .receive import RETRY, Receiver, Verdict, terminate, working
from .refusal import refuse
from .send import Sender, now

_CONTENT = Answer(422, "content")


@dataclass(frozen=True)
class Item:
    """One entry of a manifest: what the object must be."""

    index: int
    name: str
    expected: Found


def items_of(event: Event) -> list[Item]:
    """The event has passed the check: each item has `bytes` and `sha256`."""
    return [
        Item(index, f"{event['ce-id']}/{index}", Found(int(item["bytes"]), item["sha256"].lower()))
        for index, item in enumerate(values_at(event.payload(), "/manifest/*"))
    ]


class ClaimCheckSender(Sender):
    _objects: Objects

    async def open(self) -> None:
        self._objects = await Objects.open(self.bus.jetstream, self.flow["bucket"])

    async def store(self, subject: str, event: Event) -> Answer:
        # Another bundle's objects have the names of this one's: they must not be written over.
        if self.memory.recall(event) == "other":
            return await self.conflict(event)
        for item in items_of(event):
            if not await self._stored(event, item):
                return _CONTENT
        return await super().store(subject, event)

    async def _stored(self, event: Event, item: Item) -> bool:
        """Brings one item from the application into the bucket, whole and right."""
        if await self._objects.find(item.name) == item.expected:
            return True
        try:
            async with aclosing(self.application.content(event["ce-id"], item.index)) as content:
                found = await self._objects.put(item.name, content, item.expected.size)
        except FileNotFoundError:
            found = None
        if found != item.expected:
            await self._objects.remove(item.name)
            return False
        return True


class ClaimCheckReceiver(Receiver):
    _objects: Objects

    async def open(self) -> None:
        self._objects = await Objects.open(self.context.bus.jetstream, self.flow["bucket"])
        await super().open()

    async def hand_over(self, message: Msg, event: Event) -> Verdict:
        async with working(message, self.flow.ack_wait / 2):
            for item in items_of(event):
                if verdict := await self._stage(event, item):
                    return verdict
            # Staging takes its time: what has expired meanwhile is not handed over either.
            return terminate("expired") if event.expired(now()) else await self.post(event)

    async def _stage(self, event: Event, item: Item) -> Verdict | None:
        """C2, C3: the verdict where the bundle cannot be handed over."""
        if await self._objects.find(item.name) == item.expected:
            async with aclosing(self._objects.read(item.name)) as chunks:
                staged = await self.context.application.stage(event["ce-id"], item.index, item.expected.size, chunks)
            if staged.accepted:
                return None
            if not staged.rejected:
                return RETRY
        return terminate("content") if await refuse(self.context, self.flow, event, "content") else RETRY
