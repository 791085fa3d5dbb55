"""Receiving from a stream (R1 to R13): the loop of every pattern but request-reply."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from nats import errors
from nats.aio.msg import Msg

from .check import fault_of
from .contract import Flow
from .event import Event, from_nats
from .lanes import Lanes
from .memory import Memory
from .pull import Pull
from .refusal import refuse
from .send import Context, now

log = logging.getLogger("adapter.receive")

_IN_HAND = 16


@dataclass(frozen=True)
class Verdict:
    """What becomes of a message: `acknowledge`, `retry`, or `terminate` with a reason. A notice goes before an acknowledgement."""

    action: str
    reason: str = ""
    notice: str = ""


ACKNOWLEDGE = Verdict("acknowledge")
RETRY = Verdict("retry")


def terminate(reason: str) -> Verdict:
    return Verdict("terminate", reason)


@asynccontextmanager
async def working(message: Msg, every: float) -> AsyncIterator[None]:
    """Tells the bus with `+WPI` that the message is still worked on."""

    async def tell() -> None:
        while True:
            await asyncio.sleep(every)
            await message.in_progress()

    telling = asyncio.ensure_future(tell())
    try:
        yield
    finally:
        telling.cancel()


class Receiver:
    """What a pattern adds to the loop stands in `open`, `lanes`, `admit`, `hand_over` and `accepted`."""

    def __init__(self, context: Context, flow: Flow) -> None:
        self.context, self.flow = context, flow
        self.memory = Memory()
        self._lanes = Lanes()
        self._pulls: list[Pull] = []

    async def open(self) -> None:
        """Starts to receive. @raises Exception where a consumer is not there yet"""
        flow, bus = self.flow, self.context.bus
        limit = 1 if flow["partitions"] else _IN_HAND
        pulls = [Pull(bus, flow["stream"], consumer, limit, self._work) for consumer in flow.consumers(bus.application)]
        for pull in pulls:
            await bus.jetstream.consumer_info(flow["stream"], pull.consumer)
        for pull in pulls:
            await pull.start()
        self._pulls = pulls

    async def stop(self) -> None:
        await asyncio.gather(*(pull.stop() for pull in self._pulls))

    def lanes(self, event: Event) -> list[str]:
        """Names of which no two messages are worked on at once."""
        return [f"id {event.message_id}"]

    async def admit(self, _: Event) -> Verdict | None:
        """R4, R5: the verdict on what the application is not to see."""
        return None

    async def hand_over(self, _: Msg, event: Event) -> Verdict:
        return await self.post(event)

    async def accepted(self, event: Event, before: bool) -> None:
        """Once the application has accepted, `before` at an earlier delivery, and before the bus is told."""

    async def post(self, event: Event) -> Verdict:
        """R6 to R8."""
        delivery = await self.context.application.deliver(event, self.flow.ack_wait / 2)
        if delivery.rejected:
            return terminate("rejected")
        if not delivery.accepted:
            return RETRY
        self.memory.remember(event)
        await self.accepted(event, before=False)
        return ACKNOWLEDGE

    async def _work(self, message: Msg) -> None:
        event = from_nats(message.headers, message.data)
        waiting = working(message, self.flow.ack_wait / 2)
        async with self._lanes.hold(self.lanes(event), waiting):
            try:
                verdict = await self._refused(event, await self._judge(message, event))
            except Exception as error:  # noqa: BLE001 -- whatever went wrong, the message is to come again
                log.warning("%s: failed: %s", self._place(message), type(error).__name__)
                verdict = RETRY
            await self._settle(message, event, verdict)

    async def _judge(self, message: Msg, event: Event) -> Verdict:
        if fault := fault_of(self.flow, event):  # R1
            log.info("%s: invalid: %s", self._place(message), fault.detail)
            return terminate("invalid")
        if event.expired(now()):  # R2
            return terminate("expired")
        match self.memory.recall(event):  # R3
            case "other":
                return terminate("conflict")
            case "same":
                await self.accepted(event, before=True)
                return ACKNOWLEDGE
        return await self.admit(event) or await self.hand_over(message, event)

    async def _refused(self, event: Event, verdict: Verdict) -> Verdict:
        """R13: the sender is told of bad input before it is given up."""
        if self.flow["badInput"] != "refuse" or verdict.reason not in ("invalid", "rejected"):
            return verdict
        return verdict if await refuse(self.context, self.flow, event, verdict.reason) else RETRY

    async def _settle(self, message: Msg, event: Event, verdict: Verdict) -> None:
        if verdict.notice and not await self.context.bus.notify(event, verdict.notice):
            verdict = RETRY
        try:
            match verdict.action:
                case "acknowledge":
                    await message.ack()
                case "terminate":  # R9
                    await self.context.bus.connection.publish(message.reply, f"+TERM {verdict.reason}".encode())
                case "retry":
                    await message.nak(self.flow.backoff(message.metadata.num_delivered))
        except errors.Error:
            log.warning("%s: not settled: the connection ended", self._place(message))

    def _place(self, message: Msg) -> str:
        data = message.metadata
        return f"{data.consumer}: message {data.sequence.stream}, delivery {data.num_delivered}"
