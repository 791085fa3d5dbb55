"""The application, which the adapter calls over HTTP: events, and the contents of bundles."""

from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass
from urllib.parse import quote

from aiohttp import ClientError, ClientSession, ClientTimeout, TCPConnector
from yarl import URL

from .body import read_body
from .event import Event, from_http, is_structured

_IDLE = 2.0
"""How long an unused connection is kept: less than a server keeps it, so that none closes under a POST."""
_STUCK = 30.0
"""Contents that do not move for so long are given up."""


@dataclass(frozen=True)
class Delivery:
    """What the application said. Status 0: nothing, or not in time."""

    status: int
    reply: Event | None = None

    @property
    def accepted(self) -> bool:
        return 200 <= self.status < 300

    @property
    def rejected(self) -> bool:
        """R7."""
        return 400 <= self.status < 500 and self.status not in (408, 429)


class Application:
    def __init__(self, url: str) -> None:
        self._url = url
        self._session = ClientSession(
            connector=TCPConnector(limit=0, keepalive_timeout=_IDLE),
            auto_decompress=False,
            skip_auto_headers=("Accept-Encoding", "Content-Type"),
        )

    async def close(self) -> None:
        await self._session.close()

    async def deliver(self, event: Event, limit: float) -> Delivery:
        """R6: `POST APPLICATION_URL`, no redirects, for `limit` seconds at most."""
        try:
            async with self._session.post(
                self._at("/"),
                data=event.body,
                headers=event.http_headers(),
                allow_redirects=False,
                timeout=ClientTimeout(total=max(limit, 0.001)),
            ) as response:
                if response.status != 200 or is_structured(response.headers.get("content-type", "")):
                    return Delivery(response.status)
                body = await read_body(response.content)
                return Delivery(200, None if body is None else _reply(response.raw_headers, body))
        except (ClientError, TimeoutError, OSError, ValueError):
            return Delivery(0)

    async def content(self, event_id: str, item: int) -> AsyncGenerator[bytes, None]:
        """C1: streams an item. @raises FileNotFoundError where the application rejects that, ClientError where it fails"""
        timeout = ClientTimeout(total=None, sock_connect=_STUCK, sock_read=_STUCK)
        async with self._session.get(self._item(event_id, item), allow_redirects=False, timeout=timeout) as response:
            if Delivery(response.status).rejected:
                raise FileNotFoundError
            if response.status != 200:
                raise ClientError("the application does not give the content")
            async for chunk in response.content.iter_any():
                yield chunk

    async def stage(self, event_id: str, item: int, size: int, chunks: AsyncIterator[bytes]) -> Delivery:
        """C2: streams an item to the application. Where `chunks` raises, the request breaks off, and nothing counts as staged."""
        # A request that is stuck ends; one that moves at 1 MiB a second does not.
        timeout = ClientTimeout(total=_STUCK + size / 1024**2, sock_connect=_STUCK)
        try:
            async with self._session.put(
                self._item(event_id, item),
                data=chunks,
                headers={"Content-Type": "application/octet-stream"},
                allow_redirects=False,
                timeout=timeout,
            ) as response:
                return Delivery(response.status)
        except (ClientError, TimeoutError, OSError, ValueError):
            return Delivery(0)

    def _item(self, event_id: str, item: int) -> URL:
        return self._at(f"/content/{quote(event_id, safe='')}/{item}")

    def _at(self, path: str) -> URL:
        return URL(self._url + path, encoded=True)


def _reply(raw_headers: tuple[tuple[bytes, bytes], ...], body: bytes) -> Event | None:
    """The event in an answer; None where there is none."""
    event = from_http(raw_headers, body)
    # One attribute is enough: whether the event is sound is for the check to say.
    holds = any(name.startswith("ce-") and name != "ce-datacontenttype" for name in event.headers)
    return event if holds else None
