"""The check of both sides."""

import pytest

from adapter.check import fault_of
from adapter.formats import FORMATS, checker


def test_a_sound_event_passes_and_so_do_fields_that_nobody_knows(contract, event):
    assert fault_of(contract.flows[0], event()) is None
    assert fault_of(contract.flows[0], event(b'{"loan":"L1","shelf":"A","new":1e400}')) is None


def test_trace_context_is_never_checked_whatever_the_header_schema_says(contract, event):
    assert fault_of(contract.flows[0], event(traceparent="no trace")) is None


@pytest.mark.parametrize(
    ("headers", "why"),
    [
        ({"ce_id": None}, "header schema"),
        ({"ce_id": "L1\n"}, "header schema"),
        ({"ce_id": "é"}, "header schema"),
        ({"ce_id": "L2"}, "x-rule 0"),
        ({"ce_type": "Question"}, "ce-type"),
        ({"ce_time": "2026-01-01"}, "header schema"),
        ({"ce_expirytime": "soon"}, "ce-expirytime"),
        ({"ce_datacontenttype": "application/json; charset=utf-8"}, "ce-datacontenttype"),
        ({"ce_dataschema": "urn:library:BookLent:2"}, "header schema"),
        ({"ce_classification": "OFFICIAL-SENSITIVE"}, "ceiling"),
        ({"ce_classification": "SECRET"}, "header schema"),
    ],
)
def test_a_header_that_is_wrong(contract, event, headers, why):
    fault = fault_of(contract.flows[0], event(**headers))
    assert fault.reason == "invalid"
    assert why in fault.detail


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b'{"loan":"L1"}',
        b'{"loan":"L1","shelf":"A","due":"2026-02-30"}',
        b'{"loan":"L1","shelf":"A","pages":1e400}',
        b'{"loan":"L1","shelf":"A","lost":1}',
        b'{"loan":"L1","shelf":"A","marks":{"x":1}}',
        '{"loan":"L1","shelf":"A","marks":{"١":1}}'.encode(),
        b'{"loan":"L1","shelf":"\xff"}',
    ],
)
def test_a_body_that_is_wrong(contract, event, body):
    assert fault_of(contract.flows[0], event(body)).reason == "invalid"


def test_so_many_bytes_pass_and_one_more_does_not(contract, event):
    body = b'{"loan":"L1","shelf":"A/1"}'
    assert fault_of(contract.flows[0], event(body.ljust(200))) is None
    assert fault_of(contract.flows[0], event(body.ljust(201))).reason == "too-large"


def test_a_fault_holds_no_content(contract, event):
    fault = fault_of(contract.flows[0], event(b'{"loan":"L1","shelf":"canary-canary-canary-canary"}'))
    assert "canary" not in fault.detail


@pytest.mark.parametrize(
    ("name", "takes", "refuses"),
    [
        (
            "date-time",
            ["2026-01-31T12:00:00Z", "2026-01-31t12:00:00.123456z", "1998-12-31T23:59:60Z", "1998-12-31T15:59:60-08:00"],
            ["2026-01-31T12:00:00", "2026-02-30T12:00:00Z", "2026-01-31T24:00:00Z", "2026-01-31T12:00:60Z", "2026-01-31T12:00:00Z\n"],
        ),
        ("date", ["2024-02-29"], ["2023-02-29", "20240229", "2024-02-29\n"]),
        ("time", ["12:00:00Z", "23:59:60Z", "12:00:00.5+05:30"], ["12:00:00", "12:00Z", "22:59:60Z"]),
        ("duration", ["P1DT2H", "P3W", "PT5M"], ["1D", "P", "PT", "P1DT", "P1W2D", "P1D\n"]),
        ("email", ["a.b+c@example.org"], ["a@b", "a b@example.org", "@example.org", "a"]),
        ("hostname", ["a-b.example"], ["-a.example", "a_b", ""]),
        ("ipv4", ["127.0.0.1"], ["127.0.0.256", "127.0.0"]),
        ("ipv6", ["::1", "2001:db8::1"], ["::g", "1"]),
        ("uri", ["urn:a:b", "https://example.org/a?b#c"], ["a/b", "http://a b", "urn:a\n"]),
        ("uri-reference", ["a/b", "#c", "https://example.org"], ["a b", "\\", "a\n"]),
        ("uri-template", ["/a/{b}{?c}"], ["/a/{b"]),
        ("uuid", ["123e4567-E89B-12d3-a456-426614174000"], ["123e4567e89b12d3a456426614174000", "{123e4567-e89b-12d3-a456-426614174000}"]),
        ("json-pointer", ["", "/a~1b/0"], ["a", "/~2"]),
        ("relative-json-pointer", ["0", "1/a", "0#"], ["/a", "01"]),
        ("regex", ["^\\p{L}$"], ["(", "[b-a]"]),
    ],
)
def test_every_format_is_asserted(name, takes, refuses):
    formats = checker()
    assert [text for text in takes if not formats.conforms(text, name)] == []
    assert [text for text in refuses if formats.conforms(text, name)] == []
    assert formats.conforms(7, name)


def test_the_formats_are_those_of_the_contracts():
    assert len(FORMATS) == 15
