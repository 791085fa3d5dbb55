"""Work on one thing at a time (R10, R11)."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, nullcontext
from weakref import WeakValueDictionary


class Lanes:
    """Work under one name is done one after another, in the order it came; work under different names side by side."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def hold(self, names: Sequence[str], waiting: AbstractAsyncContextManager[None]) -> AsyncIterator[None]:
        """`waiting` is open as long as others are before this one. Names are always given in the same order of kinds."""
        locks = [self._locks.setdefault(name, asyncio.Lock()) for name in names]
        async with AsyncExitStack() as held:
            async with waiting if any(lock.locked() for lock in locks) else nullcontext():
                for lock in locks:
                    await held.enter_async_context(lock)
            yield
