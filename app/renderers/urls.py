"""Absolute URLs and quoting."""

import re
from functools import lru_cache
from urllib.parse import quote, unquote, urlsplit

SAFE_CHARS = "-._~,:*"
NEEDS_NO_QUOTING = re.compile(r"[-._~,:*A-Za-z0-9]*\Z")
DEFAULT_BASE_URL = "http://127.0.0.1:8000"
"""The service's default address, which stands in for an unset `PUBLIC_BASE_URL`."""


def with_prefix(base: str, path: str) -> str:
    """Return a decoded path as it is seen from outside: behind the path of the configured public base.

    A proxy may take that prefix off a request, or leave it.
    """
    prefix = unquote(urlsplit(base).path)
    return path if not prefix or path.startswith(f"{prefix}/") else f"{prefix}{path}"


def absolute_url(base: str, path: str) -> str:
    """Return a whole URL, for formats whose identifiers must be absolute (RDF, SDMX, Atom, Akoma Ntoso).

    `base` is the configured public base, empty when it is unset. `path` begins with `/` and is already quoted.
    """
    return f"{base or DEFAULT_BASE_URL}{path}"


def quote_query(text: str) -> str:
    """Return a name or value quoted for a query string. Most need no quoting, and `quote` is slow to find that out."""
    return text if NEEDS_NO_QUOTING.match(text) else _quote(text)


@lru_cache(maxsize=2048)
def _quote(text: str) -> str:
    return quote(text, safe=SAFE_CHARS)
