"""The envelope on NATS and on HTTP."""

import pytest

from adapter.event import Event, format_time, from_http, from_nats, is_structured, parse_json, parse_time


def test_only_attributes_and_trace_context_cross():
    event = from_nats({"ce-id": "1", "Nats-Msg-Id": "s 1", "traceparent": "00-x", "tracestate": "a=1", "x-own": "no"}, b"{}")
    assert event.headers == {"ce-id": "1", "traceparent": "00-x", "tracestate": "a=1"}


def test_the_content_type_of_http_is_the_data_content_type_and_that_alone():
    event = from_http([(b"Content-Type", b"application/json"), (b"CE-DataContentType", b"text/plain"), (b"CE-Id", b"1")], b"{}")
    assert event.headers == {"ce-datacontenttype": "application/json", "ce-id": "1"}
    assert event.http_headers() == {"content-type": "application/json", "ce-id": "1"}


def test_values_are_not_percent_decoded():
    assert from_http([(b"ce-id", b"a%20b")], b"")["ce-id"] == "a%20b"


@pytest.mark.parametrize("raw", [[(b"ce-id", b"1"), (b"Ce-Id", b"1")], [(b"ce-id", b"\xff")]])
def test_a_repeated_attribute_and_one_that_is_no_utf8_are_refused(raw):
    with pytest.raises(ValueError):
        from_http(raw, b"")


def test_the_lines_of_a_tracestate_are_one_list():
    assert from_http([(b"tracestate", b"a=1"), (b"tracestate", b"b=2")], b"")["tracestate"] == "a=1, b=2"


def test_structured_and_batch_mode_are_known_by_their_content_type():
    assert is_structured("application/cloudevents+json; charset=utf-8")
    assert is_structured("application/cloudevents-batch+json")
    assert not is_structured("application/json")


def test_two_events_are_the_same_by_type_and_body():
    one = Event({"ce-type": "A"}, b"{}")
    assert one.digest == Event({"ce-type": "A", "ce-time": "x"}, b"{}").digest
    assert one.digest != Event({"ce-type": "B"}, b"{}").digest
    assert one.digest != Event({"ce-type": "A"}, b"{ }").digest


@pytest.mark.parametrize(
    ("text", "milliseconds"),
    [
        ("1970-01-01T00:00:01Z", 1000),
        ("1970-01-01t00:00:01.5z", 1500),
        ("1970-01-01T01:00:00.0019+01:00", 1),
        ("1969-12-31T23:59:59.250Z", -750),
        ("1970-01-01T00:00:00", None),
        ("1970-01-01 00:00:00Z", None),
        ("1970-02-30T00:00:00Z", None),
        ("1970-01-01T00:00:00Z\n", None),
        ("１970-01-01T00:00:00Z", None),
        ("", None),
    ],
)
def test_times_are_rfc_3339_with_an_offset(text, milliseconds):
    assert parse_time(text) == milliseconds


def test_times_are_written_so_that_they_are_read_again():
    assert format_time(1_700_000_000_007) == "2023-11-14T22:13:20.007Z"
    assert parse_time(format_time(1_700_000_000_007)) == 1_700_000_000_007


def test_an_event_expires_at_its_expiry_time():
    event = Event({"ce-expirytime": "1970-01-01T00:00:01Z"}, b"")
    assert not event.expired(999)
    assert event.expired(1000)
    assert not Event({}, b"").expired(1000)


@pytest.mark.parametrize("body", [b"NaN", b"\xef\xbb\xbf{}", '{"a":1}'.encode("utf-16"), b'"\xff"', b"", b"[1,]", b"[" * 100_000])
def test_what_is_not_json_in_utf8_is_refused(body):
    with pytest.raises(ValueError):
        parse_json(body)


def test_numbers_are_doubles_beyond_exact_integers():
    assert parse_json(b"9007199254740993") == 9007199254740992.0
    assert parse_json(b"1" * 5000) == float("inf")
