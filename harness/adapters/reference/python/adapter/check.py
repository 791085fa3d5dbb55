"""The check of every event, on both sides (E5)."""

from typing import NamedTuple

from . import rules
from .contract import CLASSIFICATIONS, Flow
from .event import Event, parse_time


class Fault(NamedTuple):
    """Why an event may not travel, without content."""

    reason: str
    """`too-large` or `invalid`."""
    detail: str


def fault_of(flow: Flow, event: Event) -> Fault | None:
    if len(event.body) > flow["maxBytes"]:
        return Fault("too-large", "body over x-flow.maxBytes")
    message = flow.message(event["ce-type"])
    if message is None:
        return Fault("invalid", "no message of the channel has this ce-type")
    if keyword := message.header_fault(dict(event.headers)):
        return Fault("invalid", f"header schema: {keyword}")
    if (detail := _form_fault(flow, event)) is not None:
        return Fault("invalid", detail)
    try:
        payload = event.payload()
    except ValueError:
        return Fault("invalid", "the body is not JSON in UTF-8")
    if keyword := message.payload_fault(payload):
        return Fault("invalid", f"payload schema: {keyword}")
    for number, rule in enumerate(message.rules):
        if not rules.holds(rule, payload, event.headers):
            return Fault("invalid", f"x-rule {number}: {rule['rule']}")
    return None


def _form_fault(flow: Flow, event: Event) -> str | None:
    """What holds for every flow, whatever its header schemas say."""
    if event["ce-datacontenttype"] != "application/json":
        return "ce-datacontenttype is not application/json"
    level = event["ce-classification"]
    if level not in CLASSIFICATIONS or CLASSIFICATIONS.index(level) > CLASSIFICATIONS.index(flow["classification"]):
        return "ce-classification is over the ceiling, or no classification"
    for name in ("ce-time", "ce-expirytime"):
        if name in event.headers and parse_time(event[name]) is None:
            return f"{name} is no time"
    return None
