"""The application port: `POST /` and `GET /health` (S1, S2, L2)."""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web

from .body import read_body
from .event import Event, from_http, is_structured

log = logging.getLogger("adapter.port")


@dataclass(frozen=True)
class Answer:
    """What the application is told of its POST. `reason`: last part of the problem type, for all but 200 and 202."""

    status: int
    reason: str
    reply: Event | None = None


STORED = Answer(202, "stored")
TOO_LARGE = Answer(413, "too-large")
INVALID = Answer(422, "invalid")
EXPIRED = Answer(422, "expired")
CONFLICT = Answer(409, "conflict")
NOT_CONNECTED = Answer(503, "not-connected")
UNAVAILABLE = Answer(503, "unavailable")

Send = Callable[[Event], Awaitable[Answer]]


class Port:
    """Listens at once, and answers 503 until it is bound."""

    def __init__(self) -> None:
        self._send: Send | None = None
        self._healthy: Callable[[], bool] = lambda: False
        self._open = 0
        self._idle = asyncio.Event()
        self._idle.set()

    async def listen(self, port: int) -> None:
        application = web.Application()
        application.router.add_post("/", self._post)
        application.router.add_get("/health", self._health)
        # S6: the library does not cancel a handler whose client went.
        self._runner = web.AppRunner(application, access_log=None, handler_cancellation=False, shutdown_timeout=0.5)
        await self._runner.setup()
        await web.TCPSite(self._runner, "0.0.0.0", port, backlog=1024).start()

    def bind(self, send: Send, healthy: Callable[[], bool]) -> None:
        self._send, self._healthy = send, healthy

    async def stop(self) -> None:
        """L3: takes no more, and resolves once all open requests are answered."""
        self._send, self._healthy = None, lambda: False
        await self._idle.wait()

    async def close(self) -> None:
        await self._runner.cleanup()

    async def _health(self, _: web.Request) -> web.Response:
        return web.Response(status=200 if self._healthy() else 503)

    async def _post(self, request: web.Request) -> web.Response:
        self._open += 1
        self._idle.clear()
        try:
            return _response(await self._answer(request))
        except Exception as error:  # noqa: BLE001 -- whatever went wrong, the outcome is unknown, and no content is told
            log.error("sending failed: %s", type(error).__name__)
            return _response(UNAVAILABLE)
        finally:
            self._open -= 1
            if self._open == 0:
                self._idle.set()

    async def _answer(self, request: web.Request) -> Answer:
        send = self._send
        if send is None:
            return NOT_CONNECTED
        if is_structured(request.headers.get("content-type", "")):
            return Answer(415, "not-binary")
        body = await read_body(request.content)
        if body is None:
            return TOO_LARGE
        try:
            event = from_http(request.raw_headers, body)
        except ValueError:
            return INVALID
        return await send(event)


def _response(answer: Answer) -> web.Response:
    if answer.reply is not None:
        return web.Response(status=answer.status, body=answer.reply.body, headers=answer.reply.http_headers())
    if answer.status == 202:
        return web.Response(status=202)
    problem = {"type": f"urn:busworthy:{answer.reason}", "title": answer.reason.replace("-", " "), "status": answer.status}
    return web.Response(status=answer.status, body=json.dumps(problem).encode(), content_type="application/problem+json")
