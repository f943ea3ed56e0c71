"""A throwaway S3 server with signature checking, and a bucket in it."""

from __future__ import annotations

import json
import secrets
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlsplit

import boto3
from botocore.config import Config

from .services import FOLDER, die_with_parent, free_port

SERVICE = Path(__file__).with_name("s3_service.py")


@dataclass(frozen=True)
class Bucket:
    """A bucket, how to reach it, and a prefix below which this bucket's user keeps everything (ends with `/` or is empty)."""

    endpoint: str
    name: str
    access_key: str
    secret_key: str
    region: str
    prefix: str = ""

    @staticmethod
    def at(url: str) -> Bucket:
        """From `s3://ACCESS:SECRET@HOST:PORT/BUCKET?region=…`, parts percent-encoded; `scheme=https` for a server with TLS."""
        parts = urlsplit(url)
        assert parts.scheme == "s3" and parts.username and parts.password and parts.path.strip("/"), "not the URL of a bucket with its keys"
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        name, _, prefix = unquote(parts.path).strip("/").partition("/")
        return Bucket(
            endpoint=f"{query.get('scheme', 'http')}://{parts.netloc.rpartition('@')[2]}", name=name, prefix=f"{prefix}/" if prefix else "",
            access_key=unquote(parts.username), secret_key=unquote(parts.password), region=query.get("region", "us-east-1"),
        )  # fmt: skip

    @property
    def url(self) -> str:
        parts = urlsplit(self.endpoint)
        keys = f"{quote(self.access_key, safe='')}:{quote(self.secret_key, safe='')}"
        scheme = "&scheme=https" if parts.scheme == "https" else ""
        return f"s3://{keys}@{parts.netloc}/{quote((self.name + '/' + self.prefix).strip('/'))}?region={self.region}{scheme}"

    def below_a_fresh_prefix(self) -> Bucket:
        """The same bucket, for somebody who must not meet others in it."""
        return Bucket(self.endpoint, self.name, self.access_key, self.secret_key, self.region, f"{self.prefix}{secrets.token_hex(6)}/")

    def client(self) -> Any:
        """A boto3 client with the bucket's keys."""
        return boto3.client(
            "s3", endpoint_url=self.endpoint, region_name=self.region,
            aws_access_key_id=self.access_key, aws_secret_access_key=self.secret_key,
            config=Config(s3={"addressing_style": "path"}, retries={"total_max_attempts": 1}, connect_timeout=5, read_timeout=30),
        )  # fmt: skip

    def keys(self, below: str = "") -> Iterator[tuple[str, int]]:
        """Every object below the prefix, without the prefix, with its size."""
        pages = self.client().get_paginator("list_objects_v2").paginate(Bucket=self.name, Prefix=self.prefix + below)
        for page in pages:
            for entry in page.get("Contents", []):
                yield entry["Key"].removeprefix(self.prefix), entry["Size"]

    def read(self, key: str) -> bytes:
        return self.client().get_object(Bucket=self.name, Key=self.prefix + key)["Body"].read()

    def unfinished_uploads(self) -> list[str]:
        """Multipart uploads that were begun and neither completed nor aborted, by key."""
        pages = self.client().get_paginator("list_multipart_uploads").paginate(Bucket=self.name, Prefix=self.prefix)
        return [upload["Key"].removeprefix(self.prefix) for page in pages for upload in page.get("Uploads", [])]


class S3:
    """A server on a free port of this machine with one bucket, one user and random keys.

    Requests have to be signed by that user, and bodies have to agree with the SHA-256 they were signed with, `Content-MD5`
    and `x-amz-checksum-sha256|sha1|crc32`. Not checked: bodies in signed chunks (`STREAMING-…`), CRC32C and
    CRC-64/NVME, the age of a signature, and conditions of policies. It ends with the process that started it.
    """

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None
        self._log = tempfile.TemporaryFile("w+")  # noqa: SIM115  lives as long as this
        self.bucket: Bucket

    @property
    def url(self) -> str:
        """`s3://ACCESS:SECRET@127.0.0.1:PORT/BUCKET?region=…`, percent-encoded."""
        return self.bucket.url

    def client(self) -> Any:
        return self.bucket.client()

    def __enter__(self) -> S3:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.kill()
        self._log.close()

    def start(self) -> S3:
        """Starts an empty server, or lets one that was stopped answer again at the same port."""
        if self._process is not None:
            self._ask(open=True)
            return self
        python = FOLDER / "bin" / "python"
        if not python.exists():
            raise RuntimeError(f"no S3 server in {FOLDER}; `scripts/setup test` installs it")
        port = free_port()
        self._process = subprocess.Popen(
            [python, SERVICE, str(port)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._log, text=True,
            preexec_fn=die_with_parent(signal.SIGKILL),
        )  # fmt: skip
        said = self._answer()
        self.bucket = Bucket(f"http://127.0.0.1:{port}", "banksia", said["access_key"], said["secret_key"], said["region"])
        self.client().create_bucket(Bucket=self.bucket.name)
        return self

    def stop(self) -> None:
        """Hangs up and refuses connections; what is stored stays, for `start`."""
        self._ask(open=False)

    def restart(self) -> None:
        self.stop()
        self.start()

    def fail(self, *faults: dict[str, Any]) -> None:
        """Lets coming requests fail; see `Faults.want` in `s3_service.py`. No faults: everything is well again."""
        self._ask(faults=faults)

    def kill(self) -> None:
        """Ends the process. Everything it stored is lost; `start` makes a new server with other keys."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            for pipe in (self._process.stdin, self._process.stdout):
                assert pipe is not None
                pipe.close()
            self._process = None

    def _ask(self, **command: Any) -> None:
        assert self._process is not None and self._process.stdin is not None, "the server was not started"
        print(json.dumps(command), file=self._process.stdin, flush=True)
        self._answer()

    def _answer(self) -> dict[str, Any]:
        assert self._process is not None and self._process.stdout is not None
        if line := self._process.stdout.readline():
            return json.loads(line)
        self._log.seek(0)
        raise RuntimeError(f"the S3 server ended:\n{self._log.read()[-4000:]}")
