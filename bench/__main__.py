"""Runs every measure and prints the table.

    [ENGINE=postgres] python -m bench [NAME …]

Names: upload lists growth ladder ingest import scan searchable start memory recall
judged people queries, about one machine; page search queue store,
about the database and the store, on SQLite and a folder or, with ENGINE=postgres, on PostgreSQL and S3.

Uses the release binary, or the one that `BANKSIA_BINARY` names. A missed target does not stop the run; the status is 1 if any was missed.
"""

from __future__ import annotations

import os
import platform
import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

from . import ROOT, growth, importing, ingest, judged, ladder, lists, people, queries, recall, scale, scan, searchable, subject, upload
from .figure import Figure, save, show, table

MEASURES: dict[str, Callable[[Path], Iterable[Figure]]] = {
    "upload": upload.measure,
    "lists": lists.measure_lists,
    "growth": growth.measure,
    "start": lists.measure_start,
    "memory": searchable.measure_memory,
    "searchable": searchable.measure,
    "recall": recall.measure,
    "judged": judged.measure,
    "people": people.measure,
    "ladder": ladder.measure,
    "ingest": ingest.measure,
    "scan": scan.measure,
    "import": importing.measure,
    "queries": queries.measure,
}
SCALE: dict[str, Callable[[Path], Iterable[Figure]]] = {
    "page": scale.measure_page,
    "search": scale.measure_search,
    "queue": scale.measure_queue,
    "store": scale.measure_upload,
}


def main() -> int:
    measures = MEASURES | SCALE
    chosen = sys.argv[1:] or list(measures if subject.ENGINE == "embedded" else SCALE)
    if unknown := set(chosen) - measures.keys():
        print(f"bench: no measure called {', '.join(sorted(unknown))}; there are {', '.join(measures)}", file=sys.stderr)
        return 2
    print(f"{processor()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the start\n", flush=True)
    figures = list[Figure]()
    for name in chosen:
        with tempfile.TemporaryDirectory(prefix="banksia-bench-") as folder:
            for figure in measures[name](Path(folder)):
                show(figure)
                figures.append(figure)
    print("\n" + table(figures))
    save(figures, ROOT / ".build" / "bench.json")
    missed = sum(figure.is_met is False for figure in figures)
    print(f"\n{sum(figure.is_met is True for figure in figures)} met, {missed} missed, {sum(figure.is_met is None for figure in figures)} not measured")
    return 1 if missed else 0


def processor() -> str:
    """The processor's name as the kernel tells it."""
    lines = Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


if __name__ == "__main__":
    sys.exit(main())
