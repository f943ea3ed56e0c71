"""Uploads that go wrong: a clear answer, no trace left, and a server that goes on."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx
import pytest
from kit import asking, pictures
from kit.account import Account, file_part, upload_fields, wait_until
from kit.contract import assert_problem
from kit.server import Server

PHOTO = pictures.jpeg(1)
BOUNDARY = "edge-of-the-part"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of their own: the shared one still works on what other modules uploaded, with files and memory of its own."""
    server = Server(tmp_path_factory.mktemp("quiet")).start()
    yield server
    assert server.stop() == 0, server.log_tail()


@pytest.fixture(autouse=True)
def nothing_stays(account: Account) -> Iterator[None]:
    """After each test here: no asset, no used space, no unfinished file, and the server is well."""
    yield
    wait_until(account.server.temporary_files, lambda files: files == [])
    assert account.list(state="all") == []
    library = account.sdk.libraries.list()[0]
    assert (library.asset_count, library.storage_used_bytes) == (0, 0)
    assert account.sdk.ping.get() == "pong"


def multipart(fields: dict[str, str] | None = None, content: bytes = PHOTO.content, name: str = PHOTO.name) -> bytes:
    """A complete body, byte by byte as a client writes it."""
    body = b""
    for key, value in (upload_fields(PHOTO) if fields is None else fields).items():
        body += f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
    body += f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="asset_data"; filename="{name}"\r\nContent-Type: image/jpeg\r\n\r\n'.encode()
    return body + content + f"\r\n--{BOUNDARY}--\r\n".encode()


def post(account: Account, body: bytes, content_type: str = f"multipart/form-data; boundary={BOUNDARY}") -> httpx.Response:
    return account.http.post("/api/assets", content=body, headers={"Content-Type": content_type})


class Line:
    """A connection on which a test writes what it likes."""

    def __init__(self, account: Account) -> None:
        parts = urlsplit(account.server.url)
        self._socket = socket.create_connection((parts.hostname, parts.port), timeout=30)

    def request(self, account: Account, *headers: str) -> None:
        lines = ["POST /api/assets HTTP/1.1", "Host: localhost", f"Authorization: Bearer {account.key}", f"Content-Type: multipart/form-data; boundary={BOUNDARY}"]
        self.write("\r\n".join([*lines, *headers, "", ""]).encode())

    def write(self, content: bytes) -> None:
        self._socket.sendall(content)

    def status(self) -> int | None:
        """The status of the answer; None when the server hung up without one."""
        try:
            first = self._socket.recv(65536)
        except ConnectionError:
            return None
        return int(first.split()[1]) if first else None

    def finish_writing(self) -> None:
        self._socket.shutdown(socket.SHUT_WR)

    def hang_up(self) -> None:
        # Linger of zero: the server gets a reset, as from a phone that left the network.
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        self._socket.close()


# -- the form


def test_no_file_part(account: Account) -> None:
    fields = {name: (None, value) for name, value in upload_fields(PHOTO).items()}
    assert_problem(account.http.post("/api/assets", files=fields), 422, "validation_error", "asset_data")


def test_two_file_parts(account: Account) -> None:
    other = pictures.jpeg(2)
    parts = [("asset_data", (PHOTO.name, PHOTO.content)), ("asset_data", (other.name, other.content))]
    response = account.http.post("/api/assets", data=upload_fields(PHOTO), files=parts)
    assert response.status_code in (400, 422)
    assert_problem(response, response.status_code, response.json()["error"]["code"])


@pytest.mark.parametrize("field", ["device_asset_id", "device_id", "file_created_at", "file_modified_at"])
@pytest.mark.parametrize("change", ["missing", "empty"])
def test_a_text_field_is_missing(account: Account, field: str, change: str) -> None:
    fields = upload_fields(PHOTO)
    if change == "missing":
        del fields[field]
    else:
        fields[field] = ""
    assert_problem(account.http.post("/api/assets", data=fields, files=file_part(PHOTO)), 422, "validation_error", field)


@pytest.mark.parametrize("field", ["file_created_at", "file_modified_at"])
@pytest.mark.parametrize("value", ["yesterday", "2024-13-01T00:00:00Z", "2024-02-30T00:00:00Z", "1709283600", "2024-03-01T25:00:00Z"])
def test_a_time_of_the_wrong_form(account: Account, field: str, value: str) -> None:
    assert_problem(account.post_upload(PHOTO, **{field: value}), 422, "validation_error", field)


def test_a_text_field_as_long_as_a_book(account: Account) -> None:
    response = account.post_upload(PHOTO, device_id="x" * (2 << 20))
    assert response.status_code in (400, 413, 422)


@pytest.mark.parametrize("library", ["lib_" + "2" * 22, "nonsense"])
def test_an_unknown_library(account: Account, library: str) -> None:
    assert_problem(account.post_upload(PHOTO, library_id=library), 404, "not_found")


# -- the file


@pytest.mark.parametrize("name", ["notes.txt", "archive.zip", "song.mp3", "page.html"])
def test_a_file_of_another_kind(account: Account, name: str) -> None:
    assert_problem(account.post_upload(pictures.Picture(name, b"just words\n" * 50)), 422, "unsupported_file_type")


def test_unknown_bytes_under_no_extension(account: Account) -> None:
    assert_problem(account.post_upload(pictures.Picture("upload", b"just words\n" * 50)), 422, "unsupported_file_type")


def test_an_empty_file(account: Account) -> None:
    response = account.post_upload(pictures.Picture("empty.jpg", b""))
    assert response.status_code == 422
    assert_problem(response, 422, response.json()["error"]["code"])


@pytest.mark.parametrize("name", ["x" * 1025 + ".jpg", ""])
def test_a_file_name_of_senseless_length(account: Account, name: str) -> None:
    response = post(account, multipart(name=name))
    assert response.status_code == 422


# -- the credential


def test_no_bad_and_revoked_keys(account: Account) -> None:
    made = account.sdk.api_keys.create(name="Revoked", actions=["read", "write"], library_scope_mode="all_libraries")
    account.sdk.api_keys.delete(made.id)
    for headers in ({}, {"Authorization": "Bearer nonsense"}, {"Authorization": f"Bearer {made.api_key}"}):
        response = asking.post(account.server.url + "/api/assets", data=upload_fields(PHOTO), files=file_part(PHOTO), headers=headers)
        assert response.status_code == 401
        assert_problem(response, 401, response.json()["error"]["code"])


# -- the bytes on the line


@pytest.mark.parametrize(
    "content_type", [f"multipart/form-data; boundary=another-{BOUNDARY}", "multipart/form-data", "multipart/form-data; boundary=", f"multipart/form-data; boundary={'b' * 71}"]
)
def test_a_boundary_that_is_wrong_or_missing(account: Account, content_type: str) -> None:
    assert_problem(post(account, multipart(), content_type), 400, "malformed_body")


@pytest.mark.parametrize("content_type", ["application/json", "image/jpeg", "application/x-www-form-urlencoded"])
def test_a_body_of_another_type(account: Account, content_type: str) -> None:
    assert_problem(post(account, multipart(), content_type), 415, "unsupported_media_type")


@pytest.mark.parametrize("keep", [0, 1, 100, 600, len(multipart()) - 60, len(multipart()) - 6])
def test_a_body_that_ends_too_early(account: Account, keep: int) -> None:
    assert_problem(post(account, multipart()[:keep]), 400, "malformed_body")


def test_a_content_length_that_promises_more_than_comes(account: Account) -> None:
    body = multipart()
    line = Line(account)
    line.request(account, f"Content-Length: {len(body) + 1000}")
    line.write(body)
    line.finish_writing()
    assert line.status() in (None, 400)
    line.hang_up()


def test_a_content_length_that_promises_less_than_comes(account: Account) -> None:
    body = multipart()
    line = Line(account)
    line.request(account, f"Content-Length: {len(body) // 2}", "Connection: close")
    line.write(body)
    assert line.status() in (None, 400)
    line.hang_up()


@pytest.mark.parametrize("length", ["-5", "12abc", "99999999999999999999999"])
def test_a_content_length_that_is_no_number(account: Account, length: str) -> None:
    line = Line(account)
    line.request(account, f"Content-Length: {length}")
    assert line.status() in (None, 400, 413)
    line.hang_up()


@pytest.mark.parametrize("share", [0.0, 0.3, 0.9, 0.999])
def test_a_connection_cut_in_the_middle(account: Account, share: float) -> None:
    body = multipart(content=bytes(3 << 20))
    line = Line(account)
    line.request(account, f"Content-Length: {len(body)}")
    line.write(body[: int(len(body) * share)])
    line.hang_up()


def test_many_connections_cut_at_once(account: Account) -> None:
    body = multipart(content=bytes(1 << 20))
    lines = [Line(account) for _ in range(16)]
    for number, line in enumerate(lines):
        line.request(account, "Transfer-Encoding: chunked")
        line.write(f"{len(body):x}\r\n".encode() + body[: len(body) * number // 16])
    for line in lines:
        line.hang_up()


def endless(account: Account, line: Line, piece: bytes) -> int:
    """Writes `piece` up to a gigabyte or until the server has had enough; returns how much it took."""
    written = 0
    try:
        while written < 1 << 30:
            line.write(piece)
            written += len(piece)
    except OSError:
        pass
    return written


def test_a_gigabyte_of_request_header(account: Account) -> None:
    before = account.server.resident_bytes()
    line = Line(account)
    line.write(b"POST /api/assets HTTP/1.1\r\nHost: localhost\r\nX-Long: ")
    assert endless(account, line, b"a" * 65536) < 64 << 20
    assert account.server.resident_bytes() - before < 64 << 20
    line.hang_up()


def test_a_gigabyte_of_part_header(account: Account) -> None:
    before = account.server.resident_bytes()
    line = Line(account)
    line.request(account, f"Content-Length: {1 << 30}", "Connection: close")
    line.write(f"--{BOUNDARY}\r\nX-Long: ".encode())
    assert endless(account, line, b"a" * 65536) < 64 << 20
    assert account.server.resident_bytes() - before < 64 << 20
    line.hang_up()


def test_thousands_of_parts(account: Account) -> None:
    part = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="more"\r\n\r\nx\r\n'.encode()
    response = post(account, part * 20_000 + multipart())
    assert response.status_code in (400, 413, 422)


def test_a_large_body_of_no_form(account: Account) -> None:
    assert_problem(post(account, bytes(8 << 20)), 400, "malformed_body")
