"""Absolute URLs and quoting."""

import re
from urllib.parse import quote

SAFE = "-._~,:*"
PLAIN = re.compile(r"[-._~,:*A-Za-z0-9]*\Z")
UNSET_BASE = "http://127.0.0.1:8000"
"""Where the service is taken to stand when `PUBLIC_BASE_URL` is unset: its own default address."""


def absolute(base: str, path: str) -> str:
    """A whole URL, for formats whose identifiers must be absolute (RDF, SDMX, Atom, Akoma Ntoso).

    `base` is the configured public base, empty when it is unset; `path` begins with `/` and is quoted already.
    """
    return f"{base or UNSET_BASE}{path}"


def quoted(text: str) -> str:
    """A name or value as a query string holds it; most need no quoting, and `quote` is slow to find that out."""
    return text if PLAIN.match(text) else quote(text, safe=SAFE)
