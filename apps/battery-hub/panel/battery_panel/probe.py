"""`python -m battery_panel.probe`: the container's health check. Exit 1: not healthy."""

import json
import sys
from urllib.request import urlopen

try:
    with urlopen("http://127.0.0.1:5100/health", timeout=4) as answer:
        sys.exit(0 if json.load(answer)["status"] == "ok" else 1)
except (OSError, ValueError, KeyError) as problem:
    sys.exit(f"error: the panel is not healthy: {problem}")
