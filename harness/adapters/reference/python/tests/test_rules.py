"""x-rules, one by one."""

import pytest

from adapter.json_pointer import scalar_text, values_at
from adapter.rules import holds

ASN = {"rule": "check-character", "field": "/asn", "alphabet": "ZABCDEFGHJKLMNPQRTUVWXY", "slices": [[2, -12], [0, 2], [-12, -1]]}


def test_a_pointer_finds_every_item_and_unescapes_names():
    assert values_at({"a": [{"b": 1}, {"b": 2}, {}]}, "/a/*/b") == [1, 2]
    assert values_at({"a/b": {"~": 3}}, "/a~1b/~0") == [3]
    assert values_at({"a": [5, 6]}, "/a/1") == [6]
    assert values_at({"a": [5]}, "/a/7") == []
    assert values_at(None, "/a") == []


@pytest.mark.parametrize(
    ("value", "text"),
    [("x", "x"), (True, "true"), (7, "7"), (7.0, "7"), (-0.0, "0"), (0.1, "0.1"), (1e21, "1e+21"), (1e-5, "0.00001"), (1e-7, "1e-7")],
)
def test_scalars_are_written_as_json_writes_them(value, text):
    assert scalar_text(value) == text


def test_null_and_objects_are_no_text():
    assert scalar_text(None) is None
    assert scalar_text({}) is None


def test_equals_header():
    rule = {"rule": "equals-header", "field": "/seq", "header": "ce-sequence"}
    assert holds(rule, {"seq": 12}, {"ce-sequence": "12"})
    assert not holds(rule, {"seq": 12}, {"ce-sequence": "012"})
    assert not holds(rule, {"seq": 12}, {})
    assert holds(rule, {}, {})


@pytest.mark.parametrize(("character", "fits"), [("", False), ("Z", True), ("A", False)])
def test_check_character(character, fits):
    digits = "2312AB01" + "0" * 11
    body = digits[2:8] + digits[:2] + digits[8:]
    remainder = int("".join(c for c in body if c.isdigit())) % 23
    right = ASN["alphabet"][remainder]
    given = {"Z": right, "A": ASN["alphabet"][(remainder + 1) % 23]}.get(character, "")
    assert holds(ASN, {"asn": digits + given}, {}) is fits


def test_a_check_character_without_digits_does_not_fit():
    rule = {"rule": "check-character", "field": "/a", "alphabet": "AB"}
    assert not holds(rule, {"a": "A"}, {})
    assert not holds(rule, {"a": ""}, {})
    assert not holds(rule, {"a": 12}, {})
    assert holds(rule, {"a": "1" * 10_000 + "B"}, {})


def test_not_before():
    rule = {"rule": "not-before", "field": "/end", "other": "/start"}
    early, late = "2026-01-01T00:00:00+01:00", "2026-01-01T00:00:00Z"
    assert holds(rule, {"start": early, "end": late}, {})
    assert holds(rule, {"start": early, "end": early}, {})
    assert not holds(rule, {"start": late, "end": early}, {})
    assert not holds(rule, {"start": late, "end": "soon"}, {})
    assert holds(rule, {"end": early}, {})
    assert holds(rule, {"start": late}, {})


def test_count_and_sum():
    count = {"rule": "count", "field": "/n", "of": "/items/*"}
    assert holds(count, {"n": 2, "items": [1, 1]}, {})
    assert holds(count, {"n": 2.0, "items": [1, 1]}, {})
    assert not holds(count, {"n": 3, "items": [1, 1]}, {})
    assert not holds(count, {"n": True, "items": [1]}, {})
    total = {"rule": "sum", "field": "/n", "of": "/items/*/bytes"}
    assert holds(total, {"n": 3, "items": [{"bytes": 1}, {"bytes": 2.0}]}, {})
    assert not holds(total, {"n": 3, "items": [{"bytes": 1}]}, {})
    assert not holds(total, {"n": 1.5, "items": [{"bytes": 1.5}]}, {})
    assert not holds(total, {"n": 2**53, "items": [{"bytes": 2**53 - 1}, {"bytes": 1}]}, {})
    assert not holds(total, {"n": 1, "items": [{"bytes": "1"}]}, {})
