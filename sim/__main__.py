"""``python -m sim``: the same as the command ``keepout``."""

from __future__ import annotations

import sys

from sim.cli import main

sys.exit(main())
