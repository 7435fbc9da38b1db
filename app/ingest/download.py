"""Fetch the text of an issue from an address, within bounds of size and time."""

import asyncio
import re
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit, urlunsplit

import httpx

from app.errors import StartupError
from app.ingest.row_writer import ProgressCallback, no_progress
from app.model.values import clip
from app.version import VERSION

ADDRESS = re.compile(r"https?://", re.IGNORECASE)
SECRET_PARAMETER = re.compile(r"key|token|secret|sig|pass|auth|cred", re.IGNORECASE)
"""In the name of a query parameter: its value is not kept."""
UNSAFE_IN_NAME = re.compile(r"[^\w.-]+")
CODINGS = ("gzip", "identity")
"""The compressions that are read. Others, and several at once, may turn few bytes into more than memory holds."""
CONNECT_SECONDS = 10
MAX_REDIRECTS = 5
MAX_NAME_LENGTH = 100


def is_address(source: str) -> bool:
    """Tell whether a source is an `http` or `https` address."""
    return ADDRESS.match(source) is not None


def public_address(address: str) -> str:
    """Return an address without user, password, fragment and the parameters that look like keys.

    Raises ValueError when it is not a valid address.
    """
    parts = urlsplit(address)
    host = parts.netloc.rpartition("@")[2]
    _ = parts.port  # raises ValueError when it is none
    pairs = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if not SECRET_PARAMETER.search(pair[0])]
    return urlunsplit((parts.scheme.lower(), host, parts.path, urlencode(pairs), ""))


def download(
    address: str, directory: Path, max_bytes: int, seconds: int, progress: ProgressCallback = no_progress
) -> Path:
    """Download a file into a directory and return its path; its name is the last part of the address.

    Redirects are followed. `seconds` is the time for all of it, `max_bytes` the size after decompression. Raises
    StartupError, without credentials in the message, when there is no answer, another status than 200, or too much.
    """
    try:
        name = public_address(address)
    except ValueError:
        raise StartupError("the address of the source is not valid") from None
    try:
        content = asyncio.run(_fetch(address, name, max_bytes, seconds, progress))
    except TimeoutError:
        raise StartupError(f"{name} did not arrive within {seconds} seconds") from None
    except httpx.HTTPStatusError as error:
        status = f"{error.response.status_code} {error.response.reason_phrase}".strip()
        raise StartupError(f"{name} cannot be fetched: the server answers {status}") from None
    except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, ValueError, OSError) as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        raise StartupError(f"{name} cannot be fetched: {reason}") from None
    path = directory / _file_name(address)
    path.write_bytes(content)
    return path


async def _fetch(address: str, name: str, max_bytes: int, seconds: int, progress: ProgressCallback) -> bytes:
    timeout = httpx.Timeout(seconds, connect=min(seconds, CONNECT_SECONDS))
    headers = {
        "User-Agent": f"gazette/{VERSION}",
        "Accept": "text/plain, */*;q=0.5",
        "Accept-Encoding": ", ".join(CODINGS),
    }
    content = bytearray()
    async with (
        asyncio.timeout(seconds),
        httpx.AsyncClient(
            timeout=timeout, headers=headers, follow_redirects=True, max_redirects=MAX_REDIRECTS
        ) as client,
        client.stream("GET", address) as response,
    ):
        if response.status_code != httpx.codes.OK:
            response.raise_for_status()
            raise httpx.HTTPStatusError("not 200", request=response.request, response=response)
        coding = response.headers.get("Content-Encoding", "identity").strip().lower()
        if coding not in CODINGS:
            raise StartupError(f"{name} is compressed as '{clip(coding)}'; the server must send it plain or as gzip")
        length = response.headers.get("Content-Length", "")
        total = int(length) if length.isascii() and length.isdigit() else 0
        if total > max_bytes:
            raise StartupError(f"{name} is larger than {max_bytes} bytes")
        async for chunk in response.aiter_bytes():
            content += chunk
            if len(content) > max_bytes:
                raise StartupError(f"{name} is larger than {max_bytes} bytes")
            progress("download", len(content), total)
    return bytes(content)


def _file_name(address: str) -> str:
    last = unquote(urlsplit(address).path.rpartition("/")[2])
    return UNSAFE_IN_NAME.sub("-", last)[-MAX_NAME_LENGTH:].strip(".") or "download"
