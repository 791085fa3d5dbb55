"""YAML and JSON files, and the `$ref`s between them."""

from codecs import BOM_UTF8
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urldefrag, urlparse
from urllib.request import url2pathname

import yaml

from .event import parse_json
from .settings import Misconfigured


class _Core(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
    """
    YAML 1.2, as AsyncAPI has it. PyYAML's own is 1.1, in which `NO` is false, `12:30` a number and `2026-01-31` a date.
    Names of members are text, whatever they look like.
    """

    yaml_implicit_resolvers: dict[str, Any] = {}

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[str, Any]:
        self.flatten_mapping(node)
        return {key.value: self.construct_object(value, deep=True) for key, value in node.value}


def _scalar(tag: str, pattern: str, first: str, construct: Any) -> None:
    _Core.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", yaml.resolver.re.compile(f"^(?:{pattern})$"), list(first))
    if construct is not None:
        _Core.add_constructor(f"tag:yaml.org,2002:{tag}", lambda loader, node: construct(loader.construct_scalar(node)))


_scalar("null", "~|null|Null|NULL|", "~nN", None)
_Core.add_implicit_resolver("tag:yaml.org,2002:null", yaml.resolver.re.compile("^$"), [""])
_scalar("bool", "true|True|TRUE|false|False|FALSE", "tTfF", lambda text: text.lower() == "true")
_scalar("int", r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", "-+0123456789", lambda text: int(text, 0 if text[1:2] in ("o", "x") else 10))
_scalar("float", r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?", "-+0123456789.", float)
_scalar("merge", "<<", "<", None)


@dataclass(frozen=True)
class Node:
    """A place in a document. Two nodes are equal where they are the same place."""

    documents: "Documents" = field(compare=False, repr=False)
    file: Path
    path: tuple[str, ...] = ()

    @property
    def value(self) -> Any:
        """None where there is nothing."""
        value = self.documents.load(self.file)
        for name in self.path:
            value = value[int(name)] if isinstance(value, list) else (value or {}).get(name)
        return value

    @property
    def uri(self) -> str:
        pointer = "".join("/" + name.replace("~", "~0").replace("/", "~1") for name in self.path)
        return f"{self.file.as_uri()}#{pointer}"

    def child(self, name: str) -> "Node":
        return Node(self.documents, self.file, (*self.path, name))

    def follow(self) -> "Node":
        """Where the `$ref` leads that stands here; this place itself where none does."""
        value = self.value
        if not isinstance(value, dict) or not isinstance(value.get("$ref"), str):
            return self
        name, pointer = urldefrag(value["$ref"])
        file = (self.file.parent / unquote(name)).resolve() if name else self.file
        tokens = [token.replace("~1", "/").replace("~0", "~") for token in unquote(pointer).split("/")[1:]]
        return Node(self.documents, file, tuple(tokens)).follow()

    def members(self) -> Iterator[tuple[str, "Node"]]:
        """The members of a mapping, each followed to its object."""
        for name in self.value or {}:
            yield name, self.child(name).follow()

    def properties(self) -> Iterator[tuple[str, Any]]:
        """The properties of an object schema, those of its `allOf` and of its `$ref` included."""
        schema = self.value
        if not isinstance(schema, dict):
            return
        yield from (schema.get("properties") or {}).items()
        for item in range(len(schema.get("allOf", ()))):
            yield from self.child("allOf").child(str(item)).properties()
        if "$ref" in schema:
            yield from self.follow().properties()


class Documents:
    """Files that were read, each once."""

    def __init__(self) -> None:
        self._loaded: dict[Path, Any] = {}

    def node(self, file: Path) -> Node:
        return Node(self, file)

    def load(self, file: Path) -> Any:
        if file not in self._loaded:
            try:
                content = file.read_bytes()
                self._loaded[file] = parse_json(content.removeprefix(BOM_UTF8)) if file.suffix == ".json" else yaml.load(content, _Core)
            except (OSError, yaml.YAMLError, ValueError) as error:
                raise Misconfigured(f"{file} cannot be read as YAML or JSON ({type(error).__name__})") from error
        return self._loaded[file]

    def load_uri(self, uri: str) -> Any:
        """Nothing is fetched: a `$ref` that leads elsewhere is an error."""
        url = urlparse(uri)
        if url.scheme != "file":
            raise Misconfigured(f"$ref to {url.scheme}: only files beside the document are read")
        return self.load(Path(url2pathname(url.path)))
