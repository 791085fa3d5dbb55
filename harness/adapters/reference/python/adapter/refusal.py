"""Refusals: the typed message that says no to an event (Q6, R13)."""

import json
import logging
from typing import Any

from .bus import NotStored
from .check import fault_of
from .contract import Flow, Message
from .event import Event, format_time
from .port import Answer
from .send import Context, now, prepare, publish

log = logging.getLogger("adapter.refusal")

_COPIED = ("ce-correlationid", "ce-classification", "ce-partitionkey", "traceparent", "tracestate")


def refusal_of(application: str, flow: Flow, name: str | None, refused: Event, reason: str) -> Event | None:
    """
    The refusal as it travels on `flow`; None where the flow has no such message. Of the ways to fill it the first is taken that passes
    the check: what is wrong with the refused event must not make its refusal invalid too.
    """
    message = flow.message(name or "")
    if message is None:
        return None
    time = now()
    headers = _headers(application, message, refused, time)
    expiring = {**headers, "ce-expirytime": format_time(time + (flow["expiryMs"] or 0))}
    drafts = [
        Event(attributes, body)
        for body in (_body(message, _fields(refused), reason), _body(message, {}, reason))
        for attributes in (headers, expiring)
    ]
    return next((draft for draft in drafts if fault_of(flow, draft) is None), drafts[0])


async def refuse(context: Context, flow: Flow, event: Event, reason: str) -> bool:
    """
    Tells the sender of an event, on the flow's channel for receipts, that it is refused. Gives whether the event may be given up now:
    the refusal is stored, or none can be made of it.
    """
    receipts = context.contract.flow(flow["receipts"])
    refusal = None if receipts is None else refusal_of(context.bus.application, receipts, flow["refusal"], event, reason)
    if receipts is None or refusal is None:
        return True
    subject = prepare(receipts, refusal)
    if isinstance(subject, Answer):
        log.error("%s: no valid %s can be made", flow.channel, flow["refusal"])
        return True
    try:
        await publish(context.bus, receipts, subject, refusal)
        return True
    except NotStored:
        return False


def _headers(application: str, message: Message, refused: Event, time: int) -> dict[str, str]:
    return {
        "ce-specversion": "1.0",
        "ce-id": f"{refused['ce-id']}-refused",
        "ce-source": f"urn:application:{application}",
        "ce-type": message.name,
        "ce-time": format_time(time),
        "ce-datacontenttype": "application/json",
        "ce-dataschema": message.dataschema,
        "ce-causationid": refused["ce-id"],
        **{name: refused[name] for name in _COPIED if name in refused.headers},
    }


def _fields(refused: Event) -> dict[str, Any]:
    try:
        payload = refused.payload()
    except ValueError:
        return {}
    return payload if isinstance(payload, dict) else {}


def _body(message: Message, copied: dict[str, Any], reason: str) -> bytes:
    own = {"code": reason, "reasonCodes": [reason], "retryable": reason == "unavailable"}
    filled = {name: own.get(name, copied.get(name)) for name in message.fields if name in own or name in copied}
    return json.dumps(filled, separators=(",", ":")).encode()
