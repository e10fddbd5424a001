"""`python -m battery_hub.probe`: the API container's health check. Exit 1: not healthy."""

import json
import sys
from urllib.error import URLError
from urllib.request import urlopen

try:
    with urlopen("http://127.0.0.1:8000/health", timeout=4) as answer:
        sys.exit(0 if json.load(answer)["status"] == "ok" else 1)
except (OSError, URLError, ValueError, KeyError) as problem:
    sys.exit(f"error: the API is not healthy: {problem}")
