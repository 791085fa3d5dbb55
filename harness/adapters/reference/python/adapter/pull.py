"""Pulling from one consumer, never more than is worked on at once (N4, L3)."""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable

from nats import errors
from nats.aio.msg import Msg

from .bus import Bus

log = logging.getLogger("adapter.pull")

_EXPIRES = 5.0
"""How long a pull request stays with the server; one without an answer for twice as long is taken for lost."""
_PAUSE = 0.2
"""After a request that the bus refused: no such consumer, no leader."""
_REQUEST = json.dumps({"batch": 1, "expires": int(_EXPIRES * 1e9)}).encode()


class Pull:
    """Each request asks for one message, so that what is outstanding is counted exactly: a message or a status ends one."""

    def __init__(self, bus: Bus, stream: str, consumer: str, limit: int, work: Callable[[Msg], Awaitable[None]]) -> None:
        self._bus, self._stream, self.consumer, self._limit, self._work = bus, stream, consumer, limit, work
        self._next = f"$JS.API.CONSUMER.MSG.NEXT.{stream}.{consumer}"
        self._outstanding: dict[str, float] = {}
        """Number of a request → when it is taken for lost."""
        self._in_hand: set[asyncio.Task[None]] = set()
        self._requests = 0
        self._pausing = self._stopped = False

    async def start(self) -> None:
        """@raises nats.js.errors.NotFoundError where there is no such consumer"""
        await self._bus.jetstream.consumer_info(self._stream, self.consumer)
        self._inbox = self._bus.connection.new_inbox()
        self._subscription = await self._bus.connection.subscribe(f"{self._inbox}.*", cb=self._receive)
        self._bus.on_reconnect(lambda: self._bus.spawn(self._restart()))
        self._guard = asyncio.ensure_future(self._drop_lost())
        await self._fill()

    async def stop(self) -> None:
        """Asks for no more; what the server has sent already is still worked on. Resolves once nothing is in hand."""
        self._stopped = True
        self._guard.cancel()
        try:
            if self._bus.connected:
                await asyncio.wait_for(self._subscription.drain(), 2)
        except (TimeoutError, errors.Error):
            log.warning("%s: the connection broke while stopping", self.consumer)
        while self._in_hand:
            await asyncio.wait(self._in_hand)

    async def _receive(self, message: Msg) -> None:
        if message.reply.startswith("$JS.ACK."):
            # The subject is the stream's, and says not which request this answers: the server serves the oldest first.
            self._forget(None)
            task = asyncio.ensure_future(self._work(message))
            self._in_hand.add(task)
            task.add_done_callback(self._worked)
            return
        status = (message.headers or {}).get("Status")
        if status == "100":
            return
        self._forget(message.subject.rpartition(".")[2])
        if status not in ("404", "408"):
            await self._pause()
        await self._fill()

    def _worked(self, task: "asyncio.Task[None]") -> None:
        self._in_hand.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.error("%s: %s", self.consumer, type(task.exception()).__name__)
        self._bus.spawn(self._fill())

    def _forget(self, request: str | None) -> None:
        if request not in self._outstanding:
            request = next(iter(self._outstanding), None)
        if request is not None:
            self._outstanding.pop(request)

    async def _fill(self) -> None:
        while not (self._stopped or self._pausing) and self._bus.connected:
            if len(self._in_hand) + len(self._outstanding) >= self._limit:
                return
            self._requests += 1
            self._outstanding[str(self._requests)] = asyncio.get_running_loop().time() + 2 * _EXPIRES
            try:
                await self._bus.connection.publish(self._next, _REQUEST, reply=f"{self._inbox}.{self._requests}")
            except errors.Error:
                return  # the connection went, or ended

    async def _pause(self) -> None:
        self._pausing = True
        await asyncio.sleep(_PAUSE)
        self._pausing = False

    async def _drop_lost(self) -> None:
        while True:
            await asyncio.sleep(_EXPIRES)
            now = asyncio.get_running_loop().time()
            self._outstanding = {request: lost for request, lost in self._outstanding.items() if lost > now}
            await self._fill()

    async def _restart(self) -> None:
        """A server that has just come up drops requests for consumers that it has not recovered yet: ask until it has this one."""
        self._outstanding.clear()
        while not self._stopped and self._bus.connected:
            try:
                await self._bus.jetstream.consumer_info(self._stream, self.consumer, timeout=_PAUSE)
                break
            except errors.Error:
                await asyncio.sleep(_PAUSE)
        await self._fill()
