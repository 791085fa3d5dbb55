"""The document: flows, subjects, consumers, and who does what."""

from pathlib import Path

import pytest

from adapter.contract import Contract
from adapter.documents import Documents
from adapter.settings import Misconfigured


def test_applications_and_messages_of_each_flow(contract):
    loans, receipts, questions = contract.flows
    assert (loans.senders, loans.receivers) == ({"desk", "kiosk"}, {"store"})
    assert receipts.senders == {"store"}
    assert list(loans.messages) == ["BookLent"]
    assert list(questions.replies) == ["NoAnswer"]
    assert loans.message("BookLent").dataschema == "urn:library:BookLent:1"
    assert loans.message("BookLent").fields == ["loan", "shelf", "due", "pages", "lost", "marks"]
    assert loans.message("NoAnswer") is None


def test_one_consumer_or_one_a_partition(contract):
    loans, receipts, _ = contract.flows
    assert loans.consumers("store") == ["store-0", "store-1", "store-2"]
    assert receipts.consumers("desk") == ["desk"]


def test_the_last_delay_repeats_and_a_flow_may_have_none(contract):
    loans, receipts, _ = contract.flows
    assert [loans.backoff(attempt) for attempt in (1, 2, 3)] == [0.1, 0.6, 0.6]
    assert receipts.backoff(1) is None


def test_subject_from_header_and_payload(contract, event):
    loans = contract.flows[0]
    assert loans.subject(event()) == "library.loans.BookLent.A/1"
    assert loans.wildcard == "library.loans.*.*"


@pytest.mark.parametrize("shelf", ['"A.1"', '"*"', '""', '"a b"', '"A\\n"', '"é"', "null", "[]"])
def test_what_cannot_be_part_of_a_subject_makes_none(contract, event, shelf):
    assert contract.flows[0].subject(event(b'{"shelf":' + shelf.encode() + b"}")) is None


def test_numbers_and_booleans_of_a_payload_stand_in_a_subject_as_json_has_them(contract, event):
    assert contract.flows[0].subject(event(b'{"shelf":7.0}')).endswith(".7")
    assert contract.flows[0].subject(event(b'{"shelf":true}')).endswith(".true")


def test_a_body_that_is_no_json_has_no_subject(contract, event):
    assert contract.flows[0].subject(event(b"{")) is None


def test_yaml_is_that_of_version_1_2():
    node = Documents().node(Path(__file__).parent / "contract" / "messages.yaml").child("Question").child("payload")
    assert node.value["properties"]["answer"]["enum"] == ["NO", "12:30", "2026-01-31", 777]


@pytest.mark.parametrize("text", ["", "[", "channels: {}", "\xff"])
def test_a_document_that_cannot_be_used_is_one_clear_error(tmp_path, text):
    (tmp_path / "asyncapi.yaml").write_bytes(text.encode("latin-1"))
    with pytest.raises(Misconfigured, match="asyncapi.yaml"):
        Contract(tmp_path / "asyncapi.yaml")


def test_a_reference_to_the_network_is_not_followed():
    with pytest.raises(Misconfigured, match="only files"):
        Documents().load_uri("https://example.org/x.json")
