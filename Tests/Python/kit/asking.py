"""Single requests. A busy machine answers late, and by itself httpx gives up after five seconds."""

from functools import partial

import httpx

PATIENCE = 60
"""Seconds that a test waits for the next byte of an answer."""

get, post, put, patch, delete, request = (
    partial(send, timeout=PATIENCE) for send in (httpx.get, httpx.post, httpx.put, httpx.patch, httpx.delete, httpx.request)
)
client = partial(httpx.Client, timeout=PATIENCE)
