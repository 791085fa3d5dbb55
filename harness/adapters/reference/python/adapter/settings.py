"""What the adapter is told in its environment."""

import os
import ssl
from dataclasses import dataclass
from pathlib import Path


class Misconfigured(Exception):
    """The environment or the contract cannot be worked with. The message says what, where, and what to do next."""


@dataclass(frozen=True)
class Settings:
    contract: Path
    application: str
    bus_urls: list[str]
    credentials: str | None
    tls: ssl.SSLContext | None
    inbox_prefix: str
    listen_port: int
    application_url: str

    @staticmethod
    def from_environment() -> "Settings":
        names = ("CONTRACT", "APPLICATION", "BUS_URL", "INBOX_PREFIX", "LISTEN_PORT", "APPLICATION_URL")
        missing = [name for name in names if not os.environ.get(name)]
        if missing:
            raise Misconfigured(f"{', '.join(missing)} not set: see ADAPTERS.md, Environment and life")
        contract, application, urls, inbox_prefix, port, application_url = (os.environ[name] for name in names)
        if not port.isdigit():
            raise Misconfigured("LISTEN_PORT is no number: give a free TCP port")
        return Settings(
            contract=Path(contract).resolve(),
            application=application,
            bus_urls=[url.strip() for url in urls.split(",")],
            credentials=os.environ.get("BUS_CREDENTIALS") or None,
            tls=_tls(urls),
            inbox_prefix=inbox_prefix,
            listen_port=int(port),
            application_url=application_url,
        )


def _tls(urls: str) -> ssl.SSLContext | None:
    if "tls://" not in urls:
        return None
    context = ssl.create_default_context(cafile=os.environ.get("BUS_CA") or None)
    if certificate := os.environ.get("BUS_CERT"):
        context.load_cert_chain(certificate, os.environ.get("BUS_KEY") or None)
    return context
