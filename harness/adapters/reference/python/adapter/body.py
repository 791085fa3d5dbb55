"""Bodies of HTTP messages."""

from aiohttp import StreamReader

MAX_EVENT_BYTES = 4 * 1024**2
"""x-flow.maxBytes is at most 1 MiB: what is a little too large is still read, and then refused."""


async def read_body(content: StreamReader) -> bytes | None:
    """None once it is more than any event may have."""
    body = bytearray()
    async for part in content.iter_any():
        body += part
        if len(body) > MAX_EVENT_BYTES:
            return None
    return bytes(body)
