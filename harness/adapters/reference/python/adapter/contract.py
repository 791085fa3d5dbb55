"""The effective AsyncAPI document of a run: its flows, and what this application does in them (N2 to N4)."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from .documents import Documents, Node
from .event import Event
from .json_pointer import scalar_text, values_at
from .schema import Schemas, Validate
from .settings import Misconfigured

CLASSIFICATIONS = ("OFFICIAL", "OFFICIAL-SENSITIVE")
_TOKEN = re.compile(r"[A-Za-z0-9/_=-]+")


@dataclass(frozen=True, eq=False)
class Message:
    """A message by its name, which is its `ce-type` (N3)."""

    name: str
    rules: list[Mapping[str, Any]]
    node: Node
    schemas: Schemas

    @cached_property
    def payload_fault(self) -> Validate:
        return self.schemas.payload(self.node.child("payload").uri)

    @cached_property
    def header_fault(self) -> Validate:
        return self.schemas.headers(self.node.child("headers").uri)

    @property
    def dataschema(self) -> str:
        """The constant of `ce-dataschema`, wherever in the header schema it stands."""
        properties = self.node.child("headers").properties()
        return next(held["const"] for name, held in properties if name == "ce-dataschema" and "const" in held)

    @property
    def fields(self) -> list[str]:
        """Names that the payload schema knows at its top."""
        return list(dict.fromkeys(name for name, _ in self.node.child("payload").properties()))


@dataclass(frozen=True, eq=False)
class Flow:
    """A channel with an x-flow. Durations are in seconds here, sizes in bytes."""

    channel: str
    address: str
    parameters: Mapping[str, str]
    messages: Mapping[str, Message]
    replies: Mapping[str, Message]
    senders: frozenset[str]
    receivers: frozenset[str]
    x: Mapping[str, Any]

    def __getitem__(self, field: str) -> Any:
        """A field of the x-flow; None where it is absent."""
        return self.x.get(field)

    @property
    def ack_wait(self) -> float:
        return self.x["ackWaitMs"] / 1000

    def backoff(self, attempt: int) -> float | None:
        """R8: delay after a failed attempt, which counts from 1; None for no delay."""
        delays = self.x["backoffMs"]
        return delays[min(attempt, len(delays)) - 1] / 1000 if delays else None

    def message(self, name: str) -> Message | None:
        return self.messages.get(name) or self.replies.get(name)

    def consumers(self, application: str) -> list[str]:
        """N4: names of the pull consumers."""
        if "partitions" not in self.x:
            return [application]
        return [f"{application}-{partition}" for partition in range(self.x["partitions"])]

    @property
    def wildcard(self) -> str:
        """The address with a * for every parameter."""
        return re.sub(r"\{[^}]+\}", "*", self.address)

    def subject(self, event: Event) -> str | None:
        """N2; None where a value cannot be part of a subject."""
        subject = self.address
        for name, location in self.parameters.items():
            value = _located(location, event)
            if value is None or not _TOKEN.fullmatch(value):
                return None
            subject = subject.replace(f"{{{name}}}", value)
        return subject


def _located(location: str, event: Event) -> str | None:
    of, _, pointer = location.partition("#")
    if of == "$message.header":
        return event.headers.get(pointer[1:].lower())
    try:
        return next(map(scalar_text, values_at(event.payload(), pointer)), None)
    except ValueError:
        return None


class Contract:
    """@raises Misconfigured where the document cannot be read"""

    def __init__(self, path: Path) -> None:
        documents = Documents()
        self._schemas = Schemas(documents.load_uri)
        root = documents.node(path)
        operations = [operation for _, operation in root.child("operations").members()]
        self.flows = [
            self._flow(name, channel, operations) for name, channel in root.child("channels").members() if "x-flow" in channel.value
        ]
        if not self.flows:
            raise Misconfigured(f"{path} has no channel with an x-flow: give CONTRACT the document of a service")

    def flow(self, channel: str | None) -> Flow | None:
        return next((flow for flow in self.flows if flow.channel == channel), None)

    def _flow(self, name: str, channel: Node, operations: list[Node]) -> Flow:
        own = [operation for operation in operations if operation.child("channel").follow() == channel]
        replies = [operation.child("reply").follow().child("channel").follow() for operation in own if "reply" in operation.value]
        doing = lambda action: frozenset(  # noqa: E731
            application for operation in own if operation.value["action"] == action for application in operation.value["x-applications"]
        )
        return Flow(
            channel=name,
            address=channel.value["address"],
            parameters={key: held.value["location"] for key, held in channel.child("parameters").members()},
            messages=dict(self._messages(channel)),
            replies={key: message for reply in replies for key, message in self._messages(reply)},
            senders=doing("send"),
            receivers=doing("receive"),
            x=channel.child("x-flow").follow().value,
        )

    def _messages(self, channel: Node) -> Iterator[tuple[str, Message]]:
        for _, node in channel.child("messages").members():
            name = node.value["name"]
            yield name, Message(name, node.value.get("x-rules", []), node, self._schemas)
