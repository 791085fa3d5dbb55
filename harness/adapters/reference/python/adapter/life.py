"""The adapter's life: it opens every operation that names its application, and ends on SIGTERM (L1 to L3)."""

import asyncio
import logging
import signal
import sys

from .application import Application
from .bus import Bus
from .claim_check import ClaimCheckReceiver, ClaimCheckSender
from .contract import Contract, Flow
from .event import Event
from .last_value import LastValueReceiver, LastValueSender
from .ordered import OrderedReceiver
from .port import Answer, Port
from .receive import Receiver
from .request_reply import Answerer, Asker
from .send import Context, Sender
from .settings import Misconfigured, Settings

log = logging.getLogger("adapter")

_SENDERS: dict[str, type[Asker] | type[Sender]] = {"request-reply": Asker, "last-value": LastValueSender, "claim-check": ClaimCheckSender}
_RECEIVERS: dict[str, type[Answerer] | type[Receiver]] = {
    "request-reply": Answerer,
    "last-value": LastValueReceiver,
    "claim-check": ClaimCheckReceiver,
    "ordered-stream": OrderedReceiver,
}
_LOOK_AGAIN = 0.1
_LAST_SECONDS = 9.0
_UNKNOWN_TYPE = Answer(422, "unknown-type")


class Adapter:
    """@raises Misconfigured where the contract cannot be read, or does not name the application"""

    def __init__(self, settings: Settings) -> None:
        contract = Contract(settings.contract)
        self._bus = Bus(settings)
        self._application = Application(settings.application_url)
        context = Context(contract, self._bus, self._application)
        name = settings.application
        self._senders = [(flow, _SENDERS.get(flow["pattern"], Sender)(context, flow)) for flow in contract.flows if name in flow.senders]
        self._receivers = [
            (flow, _RECEIVERS.get(flow["pattern"], Receiver)(context, flow)) for flow in contract.flows if name in flow.receivers
        ]
        if not self._senders and not self._receivers:
            raise Misconfigured(f"no operation of {settings.contract} names {name}: give APPLICATION one of its x-applications")
        self._open = False

    async def start(self) -> None:
        """Resolves when it is healthy; keeps trying until then."""
        await self._bus.connect()
        await asyncio.gather(*(self._until_open(flow, end) for flow, end in [*self._senders, *self._receivers]))
        self._open = True
        log.info("ready")

    def healthy(self) -> bool:
        return self._open and self._bus.connected

    async def send(self, event: Event) -> Answer:
        if not self._open:
            return Answer(503, "not-connected")
        for flow, sender in self._senders:
            if event["ce-type"] in flow.messages:
                return await sender.send(event)
        return _UNKNOWN_TYPE

    async def stop(self) -> None:
        """Takes no more from the bus, and finishes what is in hand."""
        if self._open:
            await asyncio.gather(*(receiver.stop() for _, receiver in self._receivers))
        await self._bus.finish()

    async def close(self) -> None:
        await self._bus.close()
        await self._application.close()

    async def _until_open(self, flow: Flow, end: Sender | Receiver | Asker | Answerer) -> None:
        """Streams, consumers and buckets are made by others, and may come later than this adapter."""
        while True:
            try:
                return await end.open()
            except Exception as error:  # noqa: BLE001 -- not there, no leader yet, connection lost: look again
                log.info("%s: not ready: %s", flow.channel, type(error).__name__)
                await asyncio.sleep(_LOOK_AGAIN)


async def _live(settings: Settings) -> None:
    loop = asyncio.get_running_loop()
    # An error's text could quote content (L4).
    loop.set_exception_handler(lambda _, fault: log.error("%s: %s", fault["message"], type(fault.get("exception")).__name__))
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    port = Port()
    await port.listen(settings.listen_port)
    adapter = Adapter(settings)
    port.bind(adapter.send, adapter.healthy)
    starting = asyncio.ensure_future(adapter.start())
    await stopping.wait()
    log.info("stopping")
    try:
        async with asyncio.timeout(_LAST_SECONDS):
            starting.cancel()
            await asyncio.gather(port.stop(), adapter.stop())
            await port.close()
            await adapter.close()
    except TimeoutError:
        log.warning("stopped with work in hand: the bus delivers it again")


def main() -> None:
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    for library in ("aiohttp", "nats"):
        logging.getLogger(library).setLevel(logging.CRITICAL)
    try:
        asyncio.run(_live(Settings.from_environment()))
    except Misconfigured as error:
        sys.exit(f"adapter: {error}")
