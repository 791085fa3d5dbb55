"""What a refusal is made of."""

from adapter.check import fault_of
from adapter.refusal import refusal_of


def test_attributes_and_fields_of_the_same_name_are_copied(contract, event):
    receipts = contract.flows[1]
    refusal = refusal_of("store", receipts, "LoanRefused", event(ce_partitionkey="k", traceparent="00-x"), "rejected")
    assert fault_of(receipts, refusal) is None
    assert refusal.payload() == {"shelf": "A/1", "reasonCodes": ["rejected"]}
    assert {name: refusal[name] for name in refusal.headers if name != "ce-time"} == {
        "ce-specversion": "1.0",
        "ce-id": "L1-refused",
        "ce-source": "urn:application:store",
        "ce-type": "LoanRefused",
        "ce-datacontenttype": "application/json",
        "ce-dataschema": "urn:library:LoanRefused:1",
        "ce-causationid": "L1",
        "ce-correlationid": "C1",
        "ce-classification": "OFFICIAL",
        "ce-partitionkey": "k",
        "traceparent": "00-x",
    }


def test_nothing_is_copied_that_would_make_the_refusal_invalid_too(contract, event):
    bad = event(b'{"shelf":"much longer than twenty characters"}')
    assert refusal_of("store", contract.flows[1], "LoanRefused", bad, "invalid").payload() == {"reasonCodes": ["invalid"]}
    assert refusal_of("store", contract.flows[1], "LoanRefused", event(b"{"), "invalid").payload() == {"reasonCodes": ["invalid"]}


def test_a_refusal_that_must_expire_has_an_expiry_and_says_whether_to_try_again(contract, event):
    questions = contract.flows[2]
    refusal = refusal_of("library", questions, "NoAnswer", event(), "unavailable")
    assert fault_of(questions, refusal) is None
    assert refusal.payload() == {"code": "unavailable", "retryable": True}


def test_a_flow_without_such_a_message_has_no_refusal(contract, event):
    assert refusal_of("store", contract.flows[0], None, event(), "invalid") is None
