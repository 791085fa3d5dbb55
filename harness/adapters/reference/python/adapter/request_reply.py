"""Request and reply, at most once, on core NATS (Q1 to Q6)."""

import asyncio
import logging
from secrets import token_hex
from typing import NamedTuple

from nats import errors
from nats.aio.msg import Msg

from .check import fault_of
from .contract import Flow
from .event import Event, from_nats, parse_time
from .port import NOT_CONNECTED, Answer
from .refusal import refusal_of
from .send import Context, now, prepare

log = logging.getLogger("adapter.request_reply")

_NO_REPLY = Answer(504, "no-reply")
_NO_RESPONDER = Answer(503, "no-responder")


class _Asked(NamedTuple):
    request: Event
    answer: "asyncio.Future[Answer]"


class Asker:
    """One subscription for all replies, and a fresh last token for each request (Q1)."""

    def __init__(self, context: Context, flow: Flow) -> None:
        self._bus, self._flow = context.bus, flow
        self._waiting: dict[str, _Asked] = {}

    async def open(self) -> None:
        self._prefix = f"{self._bus.inbox_prefix}.reply.{token_hex(11)}"
        await self._bus.connection.subscribe(f"{self._prefix}.*", cb=self._receive)

    async def send(self, event: Event) -> Answer:
        subject = prepare(self._flow, event)
        if isinstance(subject, Answer):
            return subject
        if not self._bus.connected:
            return NOT_CONNECTED
        token = token_hex(11)
        asked = _Asked(event, asyncio.get_running_loop().create_future())
        self._waiting[token] = asked
        try:
            await self._bus.connection.publish(subject, event.body, f"{self._prefix}.{token}", dict(event.headers))
            return await asyncio.wait_for(asked.answer, _seconds_left(event))
        except TimeoutError:
            return _NO_REPLY
        except errors.Error:
            return NOT_CONNECTED
        finally:
            del self._waiting[token]

    async def _receive(self, message: Msg) -> None:
        asked = self._waiting.get(_token(message.subject))
        status = (message.headers or {}).get("Status")
        if status is None:
            self._bus.spawn(self._take(asked, from_nats(message.headers, message.data)))
        elif status == "503" and asked is not None:  # Q2
            _resolve(asked, _NO_RESPONDER)

    async def _take(self, asked: _Asked | None, reply: Event) -> None:
        """Q3: what is no reply for the application is noticed, and the asker waits on."""
        if asked is None:
            await self._bus.notify(reply, "late")
        elif reply["ce-causationid"] != asked.request["ce-id"]:
            await self._bus.notify(reply, "misdirected")
        elif fault_of(self._flow, reply):
            await self._bus.notify(reply, "invalid")
        else:
            _resolve(asked, Answer(200, "reply", reply))


class Answerer:
    """A queue group of all instances; one reply or one refusal for each request, no retry (N5, Q4, Q5)."""

    def __init__(self, context: Context, flow: Flow) -> None:
        self._bus, self._application, self._flow = context.bus, context.application, flow

    async def open(self) -> None:
        connection = self._bus.connection
        self._subscription = await connection.subscribe(self._flow.wildcard, self._bus.application, self._receive)
        await connection.flush(2)

    async def stop(self) -> None:
        if self._bus.connected:
            await self._subscription.drain()

    async def _receive(self, message: Msg) -> None:
        if message.reply:
            self._bus.spawn(self._answer(message))

    async def _answer(self, message: Msg) -> None:
        request = from_nats(message.headers, message.data)
        if request.expired(now()):  # Q4
            await self._bus.notify(request, "expired")
            return
        answer = await self._reply(request)
        reply = answer if isinstance(answer, Event) else self._refusal(request, answer)
        try:
            if reply is not None:
                await self._bus.connection.publish(message.reply, reply.body, headers=dict(reply.headers))
        except errors.Error as error:
            log.warning("%s: a reply could not be sent: %s", self._flow.channel, type(error).__name__)

    def _refusal(self, request: Event, reason: str) -> Event | None:
        return refusal_of(self._bus.application, self._flow, self._flow["refusal"], request, reason)

    async def _reply(self, request: Event) -> Event | str:
        """Q5: the application's reply, or why there is none."""
        if fault_of(self._flow, request):
            return "invalid"
        delivery = await self._application.deliver(request, _seconds_left(request))
        if delivery.rejected:
            return "rejected"
        if delivery.status != 200 or delivery.reply is None:
            return "unavailable"
        return "invalid" if fault_of(self._flow, delivery.reply) else delivery.reply


def _resolve(asked: _Asked, answer: Answer) -> None:
    if not asked.answer.done():
        asked.answer.set_result(answer)


def _seconds_left(request: Event) -> float:
    return max(0.001, ((parse_time(request["ce-expirytime"]) or now()) - now()) / 1000)


def _token(subject: str) -> str:
    return subject.rpartition(".")[2]
