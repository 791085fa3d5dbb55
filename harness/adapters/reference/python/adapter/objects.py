"""The objects of a claim-check bucket: NATS's object store, chunk by chunk (C4)."""

import asyncio
import base64
import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from secrets import token_hex

from nats.js import JetStreamContext
from nats.js.api import Header, ObjectInfo
from nats.js.errors import ObjectNotFoundError
from nats.js.object_store import ObjectStore

from .event import format_time
from .send import now

_CHUNK = 512 * 1024
"""Half of what a server takes in one message by default."""
_IN_FLIGHT = 4


@dataclass(frozen=True)
class Found:
    size: int
    sha256: str
    """In hex."""


class Objects:
    """
    The library's `get` puts all chunks into memory, and its `put` reads from files alone: content is read and written here, laid out as
    the library has it (ADR-20).
    """

    def __init__(self, jetstream: JetStreamContext, bucket: str, store: ObjectStore) -> None:
        self._jetstream, self._bucket, self._store = jetstream, bucket, store
        self._stream = f"OBJ_{bucket}"

    @staticmethod
    async def open(jetstream: JetStreamContext, bucket: str) -> "Objects":
        """@raises BucketNotFoundError where it is not there yet"""
        return Objects(jetstream, bucket, await jetstream.object_store(bucket))

    async def find(self, name: str) -> Found | None:
        info = await self._info(name)
        return None if info is None else Found(info.size or 0, _digest_of(info))

    async def put(self, name: str, content: AsyncIterator[bytes], limit: int) -> Found | None:
        """Streams content into an object, which is there only once all of it came. None where it is more than `limit` bytes."""
        before = await self._info(name)
        token = token_hex(11)
        digest, size, chunks = sha256(), 0, 0
        flying: list[asyncio.Task[object]] = []
        try:
            async for chunk in _in_chunks(content):
                size += len(chunk)
                if size > limit:
                    raise OverflowError
                digest.update(chunk)
                if len(flying) == _IN_FLIGHT:
                    await flying.pop(0)
                flying.append(asyncio.ensure_future(self._jetstream.publish(self._chunks(token), chunk)))
                chunks += 1
            await asyncio.gather(*flying)
            found = Found(size, digest.hexdigest())
            await self._describe(name, token, chunks, found)
        except BaseException as error:
            await asyncio.gather(*flying, return_exceptions=True)  # what is purged must have arrived first
            await self._purge(token)
            if isinstance(error, OverflowError):
                return None
            raise
        if before is not None:
            await self._purge(before.nuid or "")
        return found

    async def remove(self, name: str) -> None:
        with suppress(ObjectNotFoundError):
            await self._store.delete(name)

    async def read(self, name: str) -> AsyncGenerator[bytes, None]:
        """The object's bytes. @raises ValueError where they are not what its digest says"""
        info = await self._store.get_info(name)
        digest, sequence = sha256(), 0
        for _ in range(info.chunks or 0):
            chunk = await self._jetstream.get_msg(
                self._stream, seq=sequence + 1, subject=self._chunks(info.nuid or ""), direct=True, next=True
            )
            sequence = chunk.seq or 0
            digest.update(chunk.data or b"")
            yield chunk.data or b""
        if digest.hexdigest() != _digest_of(info):
            raise ValueError("the object is not what its digest says")

    async def _info(self, name: str) -> ObjectInfo | None:
        try:
            return await self._store.get_info(name)
        except ObjectNotFoundError:
            return None

    async def _describe(self, name: str, token: str, chunks: int, found: Found) -> None:
        info = {
            "name": name,
            "bucket": self._bucket,
            "nuid": token,
            "size": found.size,
            "chunks": chunks,
            "digest": "SHA-256=" + base64.urlsafe_b64encode(bytes.fromhex(found.sha256)).decode(),
            "mtime": format_time(now()),
            "options": {"max_chunk_size": _CHUNK},
            "deleted": False,
        }
        subject = f"$O.{self._bucket}.M.{base64.urlsafe_b64encode(name.encode()).decode()}"
        await self._jetstream.publish(subject, json.dumps(info).encode(), headers={Header.ROLLUP.value: "sub"})

    async def _purge(self, token: str) -> None:
        await self._jetstream.purge_stream(self._stream, subject=self._chunks(token))

    def _chunks(self, token: str) -> str:
        return f"$O.{self._bucket}.C.{token}"


def _digest_of(info: ObjectInfo) -> str:
    """In hex. The store writes base64, with or without its padding."""
    return base64.urlsafe_b64decode((info.digest or "").removeprefix("SHA-256=") + "==").hex()


async def _in_chunks(content: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The same bytes in chunks of one size, the last one shorter."""
    held = bytearray()
    async for piece in content:
        held += piece
        while len(held) >= _CHUNK:
            yield bytes(held[:_CHUNK])
            del held[:_CHUNK]
    if held:
        yield bytes(held)
