"""What is remembered, and what waits for what."""

import asyncio
from contextlib import asynccontextmanager

from adapter.event import Event
from adapter.lanes import Lanes
from adapter.memory import LIMIT, Memory, Newest


def test_an_accepted_event_is_known_by_source_id_type_and_body():
    memory = Memory()
    event = Event({"ce-source": "s", "ce-id": "1", "ce-type": "A"}, b"1")
    assert memory.recall(event) == "unknown"
    memory.remember(event)
    assert memory.recall(event) == "same"
    assert memory.recall(Event(event.headers, b"2")) == "other"
    assert memory.recall(Event({**event.headers, "ce-type": "B"}, b"1")) == "other"
    assert memory.recall(Event({**event.headers, "ce-source": "t"}, b"1")) == "unknown"


def test_the_oldest_are_forgotten_first():
    memory = Memory()
    events = [Event({"ce-id": str(number)}, b"") for number in range(LIMIT + 1)]
    for event in events:
        memory.remember(event)
    assert memory.recall(events[0]) == "unknown"
    assert memory.recall(events[1]) == "same"


def test_older_than_the_newest_of_its_type_and_key():
    newest = Newest()
    at = lambda second, key="k": Event({"ce-type": "A", "ce-partitionkey": key, "ce-time": f"2026-01-01T00:00:0{second}Z"}, b"")  # noqa: E731
    newest.note(at(5))
    newest.note(at(3))
    assert newest.outdated(at(4))
    assert not newest.outdated(at(5))
    assert not newest.outdated(at(1, "other"))


def test_work_under_one_name_is_done_in_the_order_it_came_and_waiting_is_told():
    async def scene() -> tuple[list[str], list[str]]:
        lanes, done, waited, first = Lanes(), [], [], asyncio.Event()

        @asynccontextmanager
        async def waiting(name):
            waited.append(name)
            yield

        async def work(name: str, names: list[str], until: asyncio.Event | None = None) -> None:
            async with lanes.hold(names, waiting(name)):
                if until:
                    await until.wait()
                done.append(name)

        tasks = [asyncio.ensure_future(work(*each)) for each in (("a", ["x"], first), ("b", ["x", "y"]), ("c", ["y"]), ("d", ["z"]))]
        while "d" not in done:
            await asyncio.sleep(0)
        first.set()
        await asyncio.gather(*tasks)
        return done, waited

    done, waited = asyncio.run(scene())
    assert done[0] == "d" or done.index("d") < done.index("a")
    assert done.index("a") < done.index("b")
    assert "b" in waited
    assert "d" not in waited
