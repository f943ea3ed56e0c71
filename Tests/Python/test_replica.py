"""Replicas that follow the feeds end up equal to the server, whatever happens meanwhile.

Eight writers do random things at once, to two libraries; a reader follows the feed of each; and now and then the server is
killed. The seed is printed, and `BANKSIA_REPLICA_SEED` sets it: what each writer tries is the same again, though not how the
threads take turns.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable
from pathlib import Path

import gumnut
from kit.books import disagreements
from kit.replica import KINDS, Link, Replica, truth
from kit.server import Server
from kit.writers import DEEDS, Ids, Writer

WRITERS, STEPS, RESTARTS = 8, 85, 3
CATCH_UP_SECONDS = 90


def persistently(read: Callable[[], int]) -> int:
    """Reads although the server may be down at the moment."""
    deadline = time.monotonic() + CATCH_UP_SECONDS
    while True:
        try:
            return read()
        except (gumnut.APIConnectionError, gumnut.InternalServerError, gumnut.RateLimitError):
            assert time.monotonic() < deadline, "the feed could not be read"
            time.sleep(0.1)


def all_caught_up(replicas: list[Replica]) -> int:
    return sum(persistently(replica.catch_up) for replica in replicas)


def differences(replica: Replica) -> dict[str, object]:
    """Rows of the copy and of the server that are not equal."""
    shown, expected = replica.shown(), truth(replica.link.sdk, replica.library)
    found = {(kind, id): (shown[kind].get(id), expected[kind].get(id)) for kind in KINDS for id in shown[kind].keys() | expected[kind].keys()}
    return {f"{kind} {id}": rows for (kind, id), rows in found.items() if rows[0] != rows[1]}


def lasting_differences(replica: Replica) -> dict[str, object]:
    """What is still not equal when the copy has read on for a while: background work adds to the feed what it finds out."""
    deadline = time.monotonic() + CATCH_UP_SECONDS
    while (found := differences(replica)) and time.monotonic() < deadline:
        time.sleep(0.2)
        persistently(replica.catch_up)
    return found


def test_a_replica_that_follows_the_feed_equals_the_server(tmp_path: Path) -> None:
    seed = int(os.environ.get("BANKSIA_REPLICA_SEED", random.randrange(1 << 32)))
    print(f"seed {seed}")
    server = Server(tmp_path).start()
    key, ids, chance = server.first_key, Ids(), random.Random(seed)
    link = Link(server, key)
    libraries = [link.sdk.libraries.list()[0].id, link.sdk.libraries.create(name="Other").id]
    writers = [Writer(number, seed, STEPS, Link(server, key), libraries, ids) for number in range(WRITERS)]
    replicas = [Replica(link, library) for library in libraries]
    for writer in writers:
        writer.start()
    for _ in range(RESTARTS):
        goal = sum(writer.done for writer in writers) + WRITERS * STEPS // (RESTARTS + 2)
        while sum(writer.done for writer in writers) < goal and any(writer.is_alive() for writer in writers):
            all_caught_up(replicas)
        time.sleep(chance.uniform(0, 0.2))  # the random moment this test is about
        server.kill()
        server.start()
    while any(writer.is_alive() for writer in writers):
        all_caught_up(replicas)
    all_caught_up(replicas)

    done, refused, cut = (sum(getattr(writer, name) for writer in writers) for name in ("done", "refused", "cut"))
    print(f"{done} deeds, {refused} refused, {cut} cut off, {sum(replica.events for replica in replicas)} events")
    print(f"never done: {sorted({deed.__name__ for deed in DEEDS} - set().union(*(writer.did for writer in writers)))}")
    assert [fault for writer in writers for fault in writer.faults] == []
    assert set(KINDS) == set().union(*(replica.met for replica in replicas))
    for replica in replicas:
        assert lasting_differences(replica) == {}
        # A client that begins now gets there as well.
        newcomer = Replica(link, replica.library)
        newcomer.catch_up()
        assert lasting_differences(newcomer) == {}
    assert server.stop() == 0
    assert disagreements(server) == []
