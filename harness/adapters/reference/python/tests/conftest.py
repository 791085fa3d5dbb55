from pathlib import Path

import pytest

from adapter.contract import Contract
from adapter.event import Event

HEADERS = {
    "ce-specversion": "1.0",
    "ce-id": "L1",
    "ce-source": "urn:desk",
    "ce-type": "BookLent",
    "ce-time": "2026-01-01T00:00:00Z",
    "ce-datacontenttype": "application/json",
    "ce-dataschema": "urn:library:BookLent:1",
    "ce-correlationid": "C1",
    "ce-classification": "OFFICIAL",
}


@pytest.fixture(scope="session")
def contract() -> Contract:
    return Contract(Path(__file__).parent / "contract" / "asyncapi.yaml")


@pytest.fixture
def event():
    """Makes an event that is sound unless told otherwise; a header of None is left out."""

    def make(body: bytes = b'{"loan":"L1","shelf":"A/1"}', **headers: str | None) -> Event:
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        return Event({name: value for name, value in {**HEADERS, **given}.items() if value is not None}, body)

    return make
