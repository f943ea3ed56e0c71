"""Speed and size beside their peers, measured in one run on one machine: `make bench`."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "Tests" / "Python"))  # the kit that starts servers and makes pictures
