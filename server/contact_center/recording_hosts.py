"""From where recordings of somebody else's are handed out: only from hosts that were named."""

import re
from collections.abc import Collection

_HTTPS = re.compile(
    r"https://([a-z0-9][a-z0-9.\-]{0,252})(?::[0-9]{1,5})?(?:[/?#][^\x00-\x1f\x7f]*)?",
    re.IGNORECASE,
)
"""Strict about what stands before the path: browsers and Python read odd hosts differently."""
_ANY_SUBDOMAIN = "*."


class RecordingHosts:
    """The hosts whose addresses agents get.

    Args:
        hosts: Host names in small letters, `*.` before one means its subdomains; None means any.
    """

    def __init__(self, hosts: Collection[str] | None) -> None:
        self._hosts = hosts

    def allow(self, host: str) -> bool:
        """Whether addresses of a host are handed out."""
        return self._hosts is None or any(_fits(host, known) for known in self._hosts)


def https_host_of(url: str) -> str | None:
    """Return the host of an `https` address, in small letters; None when it is no such address."""
    found = _HTTPS.fullmatch(url)
    return None if found is None else found[1].lower().removesuffix(".")


def _fits(host: str, known: str) -> bool:
    if known.startswith(_ANY_SUBDOMAIN):
        return host.endswith(known.removeprefix("*"))
    return host == known
