"""One measured figure with its target, and the table of all of them."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Figure:
    """What was measured, beside what it has to be compared with."""

    name: str
    ours: str
    peer: str
    """The peer's or the machine's figure from the same run; empty where there is none."""
    target: str
    is_met: bool | None
    """None: could not be measured, and `ours` says why."""

    @property
    def verdict(self) -> str:
        return {True: "met", False: "MISSED", None: "not measured"}[self.is_met]


def unmeasured(name: str, target: str, reason: str) -> Figure:
    """A figure that this run cannot give."""
    return Figure(name, reason, "", target, None)


def show(figure: Figure) -> None:
    """One line as soon as the figure is known: a whole run takes minutes."""
    peer = f"  |  beside: {figure.peer}" if figure.peer else ""
    print(f"{figure.verdict:>12}  {figure.name}: {figure.ours}{peer}  |  target: {figure.target}", flush=True)


def table(figures: list[Figure]) -> str:
    """All figures under one another."""
    heads = ("figure", "ours", "beside", "target", "verdict")
    rows = [heads, *((figure.name, figure.ours, figure.peer, figure.target, figure.verdict) for figure in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(heads))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in rows]
    return "\n".join([lines[0], "-" * len(lines[0]), *lines[1:]])


def save(figures: list[Figure], path: Path) -> None:
    """The same for programs."""
    path.write_text(json.dumps([dataclasses.asdict(figure) for figure in figures], indent=2, ensure_ascii=False) + "\n")
