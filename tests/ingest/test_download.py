"""Texts fetched from an address, within bounds."""

import gzip
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.errors import StartupError
from app.ingest.download import download, is_address, public_address


@contextmanager
def answering(*parts: bytes, hang: bool = False) -> Iterator[str]:
    """Answer one request with these bytes; with `hang`, keep the connection open until the block ends."""
    done = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(65_536)
                for part in parts:
                    connection.sendall(part)
                if hang:
                    done.wait(30)

        thread = threading.Thread(target=answer)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        done.set()
        thread.join()


def response(body: bytes, *headers: bytes) -> bytes:
    return b"\r\n".join([b"HTTP/1.1 200 OK", b"Content-Length: %d" % len(body), *headers, b"", body])


def test_a_file_is_fetched_and_named_after_the_address(tmp_path: Path) -> None:
    told = []
    with answering(response(b"text")) as address:
        path = download(f"{address}/a/2021%2006.txt", tmp_path, 4, 10, lambda *step: told.append(step))
    assert (path.name, path.read_bytes()) == ("2021-06.txt", b"text")
    assert told == [("download", 4, 4)]


def test_one_byte_too_many_is_refused(tmp_path: Path) -> None:
    with answering(response(b"text")) as address, pytest.raises(StartupError, match="is larger than 3 bytes"):
        download(address, tmp_path, 3, 10)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("parts", [(), (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\ntext",)])
def test_a_server_that_hangs_is_left(tmp_path: Path, parts: tuple[bytes, ...]) -> None:
    with answering(*parts, hang=True) as address, pytest.raises(StartupError, match=r"within 1 seconds|timed out"):
        download(address, tmp_path, 100, 1)


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"nonsense\r\n\r\n",
        b"HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 204 No Content\r\n\r\n",
        b"HTTP/1.1 302 Found\r\nLocation: ftp://host/x\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\ntext",
        response(b"text", b"Content-Encoding: gzip"),
    ],
)
def test_a_failure_is_one_line_without_credentials(tmp_path: Path, answer: bytes) -> None:
    with answering(answer) as address, pytest.raises(StartupError) as refused:
        download(f"{address.replace('//', '//user:word@')}/x?key=abc", tmp_path, 100, 10)
    message = str(refused.value)
    assert message.startswith(f"{address}/x cannot be fetched: ")
    assert "\n" not in message
    assert "word" not in message
    assert "abc" not in message


def test_what_is_an_address() -> None:
    assert is_address("HTTPS://example.org/x")
    assert not is_address("ftp://example.org/x")
    assert not is_address("http:/x")


def test_what_is_kept_of_an_address() -> None:
    assert public_address("HTTP://u:p@Example.org:81/a/b.txt?id=5&api_key=1&Signature=2#x") == (
        "http://Example.org:81/a/b.txt?id=5"
    )


@pytest.mark.parametrize("address", ["http://127.0.0.1:99999/x", "http://[::1/x", "http://127.0.0.1:port/x"])
def test_an_address_that_is_none_is_refused(tmp_path: Path, address: str) -> None:
    with pytest.raises(StartupError, match="the address of the source is not valid"):
        download(address, tmp_path, 100, 10)


def test_gzip_is_unpacked_within_the_bound(tmp_path: Path) -> None:
    packed = response(gzip.compress(b"text" * 1000), b"Content-Encoding: gzip")
    with answering(packed) as address:
        assert download(address, tmp_path, 4000, 10).read_bytes() == b"text" * 1000
    with answering(packed) as address, pytest.raises(StartupError, match="is larger than 3999 bytes"):
        download(address, tmp_path, 3999, 10)


@pytest.mark.parametrize("coding", ["br", "zstd", "gzip, gzip", "deflate", "\u202e"])
def test_other_compressions_are_refused(tmp_path: Path, coding: str) -> None:
    """A few bytes of some, or of several at once, are more than memory holds."""
    packed = response(b"text", f"Content-Encoding: {coding}".encode())
    with answering(packed) as address, pytest.raises(StartupError, match=r"is compressed as '.+'; the server must"):
        download(address, tmp_path, 100, 10)


def test_a_declared_size_is_believed(tmp_path: Path) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 101\r\n\r\n"
    with answering(head, hang=True) as address, pytest.raises(StartupError, match="is larger than 100 bytes"):
        download(address, tmp_path, 100, 10)
