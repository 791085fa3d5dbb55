"""Ordered stream: what of each key was accepted last outlives the adapter (R4)."""

from nats.js.errors import KeyNotFoundError
from nats.js.kv import KeyValue

from .bus import PUBLISH_WAIT
from .event import Event
from .receive import ACKNOWLEDGE, Receiver, Verdict, terminate


class OrderedReceiver(Receiver):
    _bucket: KeyValue

    async def open(self) -> None:
        # The application may take half of the ack wait; the other half is left for its place to be kept.
        jetstream = self.context.bus.connection.jetstream(timeout=min(PUBLISH_WAIT, self.flow.ack_wait / 2))
        self._bucket = await jetstream.key_value(self.flow["state"])
        await super().open()

    async def admit(self, event: Event) -> Verdict | None:
        sequence, last = int(event["ce-sequence"]), await self._last(event)
        if sequence <= last:
            return ACKNOWLEDGE
        return None if sequence == last + 1 else terminate("gap")

    async def accepted(self, event: Event, before: bool) -> None:
        if before and int(event["ce-sequence"]) <= await self._last(event):
            return
        await self._bucket.put(self._key(event), event["ce-sequence"].encode())

    async def _last(self, event: Event) -> int:
        try:
            return int((await self._bucket.get(self._key(event))).value or 0)
        except KeyNotFoundError:
            return 0

    def _key(self, event: Event) -> str:
        return f"{self.context.bus.application}.{event['ce-partitionkey']}"
