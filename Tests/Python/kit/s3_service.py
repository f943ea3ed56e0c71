"""The process behind `kit.s3.S3`: moto's S3 behind a server that keeps connections open, checks bodies, and can fail on demand.

Runs in `.venv-services`. It takes one JSON object per line on standard input and answers each with one on standard output,
and it ends when standard input does, so it never outlives the process that started it.

moto checks who signed a request, but neither that the body is the one that was signed nor any checksum, keeps what came
of a body whose sender died, and forgets everything when it ends. `checked` adds the first two in front of it; and being "stopped" is
a server that hangs up and listens no more, over objects that stay.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import os
import sys
import threading
import time
import zlib
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

os.environ["MOTO_S3_DEFAULT_KEY_BUFFER_SIZE"] = str(1 << 20)  # larger objects go to temporary files

from cheroot import wsgi  # noqa: E402
from moto import settings  # noqa: E402
from moto.core import DEFAULT_ACCOUNT_ID  # noqa: E402
from moto.iam.models import iam_backends  # noqa: E402
from moto.moto_server.werkzeug_app import create_backend_app  # noqa: E402

REGION = "us-east-1"
THREADS = 32
Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]

CHECKSUMS: dict[str, Callable[[bytes], bytes]] = {
    "HTTP_CONTENT_MD5": lambda body: hashlib.md5(body).digest(),
    "HTTP_X_AMZ_CHECKSUM_SHA256": lambda body: hashlib.sha256(body).digest(),
    "HTTP_X_AMZ_CHECKSUM_SHA1": lambda body: hashlib.sha1(body).digest(),
    "HTTP_X_AMZ_CHECKSUM_CRC32": lambda body: zlib.crc32(body).to_bytes(4, "big"),
}


class Refusal(NamedTuple):
    """An error of S3's list ("Error responses", API reference)."""

    status: str
    code: str

    def answer(self, start_response: Callable[..., Any]) -> Iterable[bytes]:
        text = f'<?xml version="1.0" encoding="UTF-8"?><Error><Code>{self.code}</Code><Message>{self.status}</Message></Error>'.encode()
        start_response(self.status, [("Content-Type", "application/xml"), ("Content-Length", str(len(text)))])
        return [text]


def refusal(environ: Environ, body: bytes) -> Refusal | None:
    """What is wrong with a request by itself, whoever signed it."""
    if "HTTP_AUTHORIZATION" not in environ:  # presigned addresses are refused too: moto does not verify them
        return Refusal("403 Forbidden", "AccessDenied")
    if environ["REQUEST_METHOD"] == "PUT" and not environ.get("CONTENT_LENGTH"):
        return Refusal("411 Length Required", "MissingContentLength")
    if len(body) != int(environ.get("CONTENT_LENGTH") or 0):
        return Refusal("400 Bad Request", "IncompleteBody")
    signed = environ.get("HTTP_X_AMZ_CONTENT_SHA256", "UNSIGNED-PAYLOAD")
    if signed != "UNSIGNED-PAYLOAD" and not signed.startswith("STREAMING-") and signed != hashlib.sha256(body).hexdigest():
        return Refusal("400 Bad Request", "XAmzContentSHA256Mismatch")
    for name, digest in CHECKSUMS.items():
        # Of a body in signed chunks, the checksum is of what is in the chunks; this server does not open them.
        if name in environ and not signed.startswith("STREAMING-") and environ[name] != base64.b64encode(digest(body)).decode():
            return Refusal("400 Bad Request", "BadDigest")
    return None


def checked(inner: Application) -> Application:
    """Only complete requests whose bodies are what their headers say."""

    def application(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        if found := refusal(environ, body):
            return found.answer(start_response)
        return inner({**environ, "wsgi.input": io.BytesIO(body)}, start_response)

    return application


class Faults:
    """Answers of the next requests that match are late, refused, cut off or damaged."""

    def __init__(self, inner: Application) -> None:
        self._inner = inner
        self._lock = threading.Lock()
        self._wanted = list[dict[str, Any]]()

    def want(self, faults: list[dict[str, Any]]) -> None:
        """Replaces the faults. Keys of each: `method`, `part` of the path, `times` (none: until replaced), and what happens:
        `delay` in seconds, `status` with an S3 error `code`, `truncate`, `damage`."""
        with self._lock:
            self._wanted = [dict(fault) for fault in faults]

    def _take(self, environ: Environ) -> dict[str, Any]:
        with self._lock:
            for fault in self._wanted:
                left = fault.get("times", 1)
                if left and environ["REQUEST_METHOD"] == fault.get("method", environ["REQUEST_METHOD"]) and fault.get("part", "") in environ["PATH_INFO"]:
                    if "times" in fault:
                        fault["times"] -= 1
                    return fault
        return {}

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        fault = self._take(environ)
        time.sleep(fault.get("delay", 0))
        if status := fault.get("status"):
            environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            return Refusal(f"{status} Fault", fault.get("code", "InternalError")).answer(start_response)
        answer = self._inner(environ, start_response)
        if fault.get("truncate"):
            return cut_off(b"".join(answer))
        if fault.get("damage"):
            whole = bytearray(b"".join(answer))
            whole[len(whole) // 2 : len(whole) // 2 + 1] = b"?" if whole[len(whole) // 2 : len(whole) // 2 + 1] != b"?" else b"!"
            return [bytes(whole)]
        return answer


def cut_off(body: bytes) -> Iterable[bytes]:
    """Half of an answer; the error makes the server hang up."""
    yield body[: len(body) // 2]
    raise ConnectionAbortedError("cut off, as asked for")


class Door:
    """The listening socket with its connections. Closed means that connecting is refused."""

    def __init__(self, application: Application, port: int) -> None:
        self._application = application
        self._port = port
        self._server: wsgi.Server | None = None

    def open(self) -> None:
        if self._server is None:
            server = wsgi.Server(("127.0.0.1", self._port), self._application, numthreads=THREADS, request_queue_size=128)
            server.shutdown_timeout = 1
            server.prepare()
            self._server = server
            threading.Thread(target=server.serve, daemon=True).start()

    def close(self) -> None:
        if self._server is not None:
            self._server.stop()
            self._server = None


def credentials() -> tuple[str, str]:
    """A user who may do everything with S3, and from now on a signature on every request."""
    iam = iam_backends[DEFAULT_ACCOUNT_ID]["aws"]
    iam.create_user(REGION, "tests")
    everything = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}
    iam.put_user_policy("tests", "everything", json.dumps(everything))
    key = iam.create_access_key("tests")
    settings.INITIAL_NO_AUTH_ACTION_COUNT = 0
    return key.access_key_id, key.secret_access_key


def main() -> None:
    access_key, secret_key = credentials()
    faults = Faults(checked(create_backend_app("s3")))
    # Not port 0: an ephemeral port could not be opened a second time while the kernel remembers its connections.
    door = Door(faults, port=int(sys.argv[1]))
    door.open()
    say({"access_key": access_key, "secret_key": secret_key, "region": REGION})
    for line in sys.stdin:
        match json.loads(line):
            case {"open": True}:
                door.open()
            case {"open": False}:
                door.close()
            case {"faults": wanted}:
                faults.want(wanted)
        say({})
    os._exit(0)  # not waiting for requests under way: nobody is left to want them


def say(answer: dict[str, Any]) -> None:
    print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
