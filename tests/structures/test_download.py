"""Files fetched from a server of our own that does what servers do wrong."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from gmd.structures import DownloadError, download_file

CONTENTS = b"2\n\nH 0 0 0\nH 0 0 0.74\n" * 5000
SHA256 = hashlib.sha256(CONTENTS).hexdigest()


class Handler(BaseHTTPRequestHandler):
    """A good file, and every way of failing to send it."""

    asked: list[str]

    def do_GET(self) -> None:
        type(self).asked.append(self.path)
        if self.path in ("/good.xyz", "/interrupted.xyz"):
            self.send_response(200)
            self.send_header("Content-Length", str(len(CONTENTS)))
            self.end_headers()
            half = len(CONTENTS) // 2
            self.wfile.write(CONTENTS if self.path == "/good.xyz" else CONTENTS[:half])
            self.close_connection = True
        elif self.path == "/moved.xyz":
            self.redirect("/good.xyz")
        elif self.path in ("/round.xyz", "/about.xyz"):
            self.redirect("/about.xyz" if self.path == "/round.xyz" else "/round.xyz")
        elif self.path == "/away.xyz":
            self.redirect("file:///etc/hostname")
        elif self.path == "/silent.xyz":
            type(self).released.wait(20)
        else:
            self.send_error(404)

    def redirect(self, place: str) -> None:
        self.send_response(302)
        self.send_header("Location", place)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    for variable in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(variable, raising=False)
    Handler.asked = []
    Handler.released = threading.Event()
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        thread = threading.Thread(target=http.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{http.server_port}"
        Handler.released.set()
        http.shutdown()
        thread.join()


def files_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*"))


@pytest.mark.parametrize("name", ["good.xyz", "moved.xyz"])
def test_a_file_comes_whole(server, tmp_path, name) -> None:
    path = tmp_path / "deep" / "here.xyz"
    download_file(f"{server}/{name}", path, sha256=SHA256)
    assert path.read_bytes() == CONTENTS
    assert files_in(tmp_path) == ["deep", "here.xyz"]


def test_what_is_there_is_not_fetched_again(server, tmp_path) -> None:
    path = tmp_path / "here.xyz"
    path.write_bytes(CONTENTS)
    download_file(f"{server}/good.xyz", path, sha256=SHA256)
    assert Handler.asked == []


def test_what_is_there_and_wrong_is_replaced(server, tmp_path) -> None:
    path = tmp_path / "here.xyz"
    path.write_bytes(b"something else")
    download_file(f"{server}/good.xyz", path, sha256=SHA256)
    assert path.read_bytes() == CONTENTS


@pytest.mark.parametrize(
    ("name", "sha256", "complaint"),
    [
        ("interrupted.xyz", SHA256, "the transfer broke off"),
        ("good.xyz", "0" * 64, f"its SHA-256 is {SHA256}, not {'0' * 64}"),
        ("missing.xyz", SHA256, "the server answers 404; correct the address"),
        ("round.xyz", SHA256, "redirects in a circle"),
        ("away.xyz", SHA256, "it cannot be fetched"),
        ("silent.xyz", SHA256, "the server was silent for 0.5 s; try again"),
        ("good.xyz", "abc", "'abc' is no SHA-256; give its 64 hexadecimal digits"),
    ],
)
def test_what_goes_wrong_is_named_and_keeps_nothing(
    server, tmp_path, name, sha256, complaint
) -> None:
    with pytest.raises(DownloadError) as caught:
        download_file(f"{server}/{name}", tmp_path / "new" / "x.xyz", sha256=sha256, timeout=0.5)
    assert str(caught.value).startswith(f"{server}/{name}: ")
    assert complaint in str(caught.value)
    assert files_in(tmp_path) == []


def test_a_failure_leaves_what_was_there(server, tmp_path) -> None:
    path = tmp_path / "here.xyz"
    path.write_bytes(b"an earlier one")
    with pytest.raises(DownloadError, match="broke off"):
        download_file(f"{server}/interrupted.xyz", path, sha256=SHA256)
    assert path.read_bytes() == b"an earlier one"
    assert files_in(tmp_path) == ["here.xyz"]


def test_a_server_that_is_not_there(tmp_path) -> None:
    with pytest.raises(DownloadError, match="did not begin"):
        download_file("http://127.0.0.1:9/x.xyz", tmp_path / "x.xyz", sha256=SHA256)


@pytest.mark.parametrize("url", ["file:///etc/hostname", "ftp://host/x.xyz", "x.xyz"])
def test_only_the_web_is_asked(tmp_path, url) -> None:
    with pytest.raises(DownloadError, match="only http and https are fetched"):
        download_file(url, tmp_path / "x.xyz", sha256=SHA256)
