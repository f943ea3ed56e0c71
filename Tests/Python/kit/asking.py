"""Single requests. A busy machine answers late, and by itself httpx gives up after five seconds."""

from functools import partial

import httpx

PATIENCE = 60
"""Seconds that a test waits for the next byte of an answer."""

get, post, request, client = (partial(ask, timeout=PATIENCE) for ask in (httpx.get, httpx.post, httpx.request, httpx.Client))
