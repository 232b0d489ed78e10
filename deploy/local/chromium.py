"""The browser for tests of pages: an installed one, never downloaded."""

from __future__ import annotations

import os
import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find_chromium() -> str | None:
    """MOTCUA_CHROMIUM, else the first on the PATH."""
    configured = os.environ.get("MOTCUA_CHROMIUM")
    return configured or next((path for name in NAMES if (path := shutil.which(name))), None)
