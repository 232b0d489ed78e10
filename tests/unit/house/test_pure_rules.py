"""The rules load no framework, not even through what they import."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

DOMAINS = (
    "services/intake/domain",
    "services/routing/domain",
    "services/notification/domain",
    "shared/worktime",
)
LOAD = """
import importlib, sys
for module in sys.argv[1:]:
    importlib.import_module(module)
    if "pydantic" in sys.modules:
        sys.exit(f"{module} loads pydantic")
"""


def modules_of_rules() -> Iterator[str]:
    for folder in DOMAINS:
        for path in sorted(Path(folder).rglob("*.py")):
            yield ".".join(path.with_suffix("").parts).removesuffix(".__init__")


def test_no_module_of_the_rules_loads_pydantic() -> None:
    modules = list(modules_of_rules())
    loaded = subprocess.run(
        [sys.executable, "-c", LOAD, *modules], capture_output=True, text=True, check=False
    )
    assert len(modules) > 50
    assert loaded.returncode == 0, loaded.stderr
