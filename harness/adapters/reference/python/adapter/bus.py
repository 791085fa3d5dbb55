"""The connection to the bus, and what every pattern asks of it."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from nats import errors
from nats.aio.client import Client
from nats.js.errors import APIError, NoStreamResponseError, NotFoundError

from .event import Event
from .settings import Settings

log = logging.getLogger("adapter.bus")

PUBLISH_WAIT = 2.0
PUBLISH_REPEATS = 3
_RECONNECT_WAIT = 0.2
_PING_INTERVAL = 10
"""Seconds; a connection that does not answer two of them is made anew."""


class NotStored(Exception):
    """A publish without an acknowledgement. `kind`: not-connected, no-responder, refused, or unacknowledged, which may be stored."""

    def __init__(self, kind: str, code: int = 0) -> None:
        super().__init__(kind)
        self.kind = kind
        """JetStream's error code, where it refused."""
        self.code = code


class _Connection(Client):
    """L1: connected for ever, and to the given servers alone. The library has no options for either."""

    async def _process_info(self, info: dict[str, Any], initial_connection: bool = False) -> None:
        info.pop("connect_urls", None)
        await super()._process_info(info, initial_connection)

    async def _process_err(self, err_msg: str) -> None:
        if "permissions violation" in err_msg:
            await super()._process_err(err_msg)
        else:  # the library would close for good
            await self._process_op_err(errors.Error(err_msg))


class Bus:
    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._reconnected: list[Callable[[], object]] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self.connection = _Connection()
        self.jetstream = self.connection.jetstream()
        self.inbox_prefix = settings.inbox_prefix
        self.application = settings.application

    async def connect(self) -> None:
        """Resolves once connected, however long that takes."""
        await self.connection.connect(
            servers=self._settings.bus_urls,
            name=self._settings.application,
            user_credentials=self._settings.credentials,
            tls=self._settings.tls,
            inbox_prefix=self.inbox_prefix,
            max_reconnect_attempts=-1,
            reconnect_time_wait=_RECONNECT_WAIT,
            flush_timeout=PUBLISH_WAIT,
            ping_interval=_PING_INTERVAL,
            error_cb=self._on_error,
            reconnected_cb=self._on_reconnect,
        )

    @property
    def connected(self) -> bool:
        return self.connection.is_connected

    def on_reconnect(self, listener: Callable[[], object]) -> None:
        """Called after each reconnection: what was asked of the bus before is void."""
        self._reconnected.append(listener)

    async def close(self) -> None:
        if self.connected:
            await self.connection.flush(2)
        await self.connection.close()

    async def store(
        self,
        subject: str,
        body: bytes,
        headers: Mapping[str, str],
        repeats: int = PUBLISH_REPEATS,
        unheard: Callable[[], object] = lambda: None,
    ) -> tuple[int, bool]:
        """
        S3: publishes to a stream, and repeats the same where the acknowledgement is missing. Gives the sequence, and whether the stream
        knew the message id already. `unheard` is called after each publish without an acknowledgement: it may be stored. @raises NotStored
        """
        for repeat in range(repeats + 1):
            if not self.connected:
                raise NotStored("unacknowledged" if repeat else "not-connected")
            try:
                stored = await self.jetstream.publish(subject, body, timeout=PUBLISH_WAIT, headers=dict(headers))
                return stored.seq, bool(stored.duplicate)
            except errors.TimeoutError:
                unheard()
            except NoStreamResponseError:
                raise NotStored("no-responder") from None
            except APIError as error:
                raise NotStored("refused", error.err_code or 0) from None
            except errors.Error:
                # A connection that ends after the publish left may have stored it.
                unheard()
                raise NotStored("refused" if self.connected else "unacknowledged") from None
        raise NotStored("unacknowledged")

    async def notify(self, event: Event, reason: str) -> bool:
        """R12: a notice of an event, without its body. False where the bus did not take it."""
        attributes = {name: value for name, value in event.headers.items() if name.startswith("ce-")}
        try:
            await self.store(f"notice.{self.application}", b"", {**attributes, "Reason": reason})
            return True
        except NotStored as error:
            log.warning("notice %s not stored: %s", reason, error.kind)
            return False

    async def read(self, stream: str, **query: Any) -> Any:
        """A message of a stream, by `seq` or by `subject` (its last); None where there is none."""
        try:
            return await self.jetstream.get_msg(stream, **query)
        except NotFoundError:
            return None

    def spawn(self, work: Awaitable[None]) -> asyncio.Task[None]:
        """Work of its own, which nobody waits for until `finish`."""
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def finish(self) -> None:
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def _on_reconnect(self) -> None:
        for listener in self._reconnected:
            listener()

    async def _on_error(self, error: Exception) -> None:
        # The text of an error can quote a subject, and a subject a key (L4).
        log.warning("bus: %s", "permissions violation" if "permissions violation" in str(error) else type(error).__name__)
