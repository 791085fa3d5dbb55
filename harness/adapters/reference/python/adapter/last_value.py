"""Last value: the newest of each key counts, and an older one never takes its place (S7, R5)."""

from nats.aio.msg import Msg

from .bus import NotStored
from .contract import Flow
from .event import Event, from_nats, parse_time
from .memory import Newest, value_name
from .port import STORED, UNAVAILABLE, Answer
from .receive import Receiver, Verdict
from .send import Context, Sender

_WRONG_LAST_SEQUENCE = 10071
_ROUNDS = 10
"""How often a publish that lost the race for a subject starts again."""


class LastValueSender(Sender):
    async def store(self, subject: str, event: Event) -> Answer:
        for _ in range(_ROUNDS):
            last = await self.bus.read(self.flow["stream"], subject=subject)
            if last is not None:
                known = from_nats(last.headers, last.data)
                if known.message_id == event.message_id:
                    return await self.answer_against(event, known)
                if _time(event) <= _time(known):
                    return Answer(409, "superseded")
            expected = {"Nats-Expected-Last-Subject-Sequence": str(last.seq if last else 0)}
            try:
                sequence, duplicate = await self.publish(subject, event, **expected)
            except NotStored as error:
                if error.code == _WRONG_LAST_SEQUENCE:
                    continue
                raise
            return await self.answer_duplicate(event, sequence) if duplicate else STORED
        return UNAVAILABLE


def _time(event: Event) -> int:
    return parse_time(event["ce-time"]) or 0


class LastValueReceiver(Receiver):
    def __init__(self, context: Context, flow: Flow) -> None:
        super().__init__(context, flow)
        self._newest = Newest()

    def lanes(self, event: Event) -> list[str]:
        return [*super().lanes(event), f"name {value_name(event)}"]

    async def admit(self, event: Event) -> Verdict | None:
        return Verdict("acknowledge", notice="superseded") if self._newest.outdated(event) else None

    async def hand_over(self, message: Msg, event: Event) -> Verdict:
        self._newest.note(event)
        return await super().hand_over(message, event)
