"""Payload and header schemas: JSON Schema 2020-12, `$ref`s to files beside the document included (E5)."""

import math
from collections.abc import Callable
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from .ecma import compile_pattern
from .formats import checker

Validate = Callable[[Any], str | None]
"""Gives the keyword that a value does not meet; None where it meets all."""

_UNCHECKED = ("traceparent", "tracestate")


class Schemas:
    """@param load gives the content of a file by its URI"""

    def __init__(self, load: Callable[[str], Any]) -> None:
        @cache
        def retrieve(uri: str) -> Resource[Any]:
            content = load(uri)
            # With `$schema` in it jsonschema would go on with its own class, in place of the ones below.
            bare = {name: value for name, value in content.items() if name != "$schema"}
            return Resource.from_contents(bare, default_specification=DRAFT202012)

        self._registry: Registry[Any] = Registry(retrieve=retrieve)
        self._formats = checker()

    def payload(self, uri: str) -> Validate:
        return self._validate(_Payload, uri)

    def headers(self, uri: str) -> Validate:
        return self._validate(_Headers, uri)

    def _validate(self, kind: type, uri: str) -> Validate:
        validator = kind({"$ref": uri}, registry=self._registry, format_checker=self._formats)

        def validate(value: Any) -> str | None:
            fault = next(validator.iter_errors(value), None)
            return None if fault is None else fault.validator or "false"  # a schema that is `false` has no keyword

        return validate


def _pattern(_validator, pattern, value, _schema):
    if isinstance(value, str) and not compile_pattern(pattern).search(value):
        yield ValidationError("no match")


def _pattern_properties(validator, patterns, value, _schema):
    for pattern, schema in patterns.items() if isinstance(value, dict) else ():
        for name, member in value.items():
            if compile_pattern(pattern).search(name):
                yield from validator.descend(member, schema, path=name, schema_path=pattern)


def _additional_properties(validator, additional, value, schema):
    if not isinstance(value, dict):
        return
    patterns = [compile_pattern(pattern) for pattern in schema.get("patternProperties", {})]
    for name, member in value.items():
        if name not in schema.get("properties", {}) and not any(pattern.search(name) for pattern in patterns):
            yield from validator.descend(member, additional, path=name)


def _required(validator, required, value, schema):
    """E2: trace context is copied and never checked, whatever a header schema says of it."""
    names = [name for name in required if name not in _UNCHECKED]
    yield from Draft202012Validator.VALIDATORS["required"](validator, names, value, schema)


def _properties(validator, properties, value, schema):
    checked = {name: held for name, held in properties.items() if name not in _UNCHECKED}
    yield from Draft202012Validator.VALIDATORS["properties"](validator, checked, value, schema)


def _is_number(_checker, value) -> bool:
    """A number too large for a double, 1e400, is none."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


_Payload = extend(
    Draft202012Validator,
    {"pattern": _pattern, "patternProperties": _pattern_properties, "additionalProperties": _additional_properties},
    type_checker=Draft202012Validator.TYPE_CHECKER.redefine("number", _is_number),
)
_Headers = extend(_Payload, {"required": _required, "properties": _properties})
