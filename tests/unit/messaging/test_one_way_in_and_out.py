"""Every hazard of consuming and publishing is handled once, in shared/messaging: nobody else may try."""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[3]
ALLOWED = ("shared/messaging/", "deploy/", "tests/")
KAFKA = ("aiokafka", "faststream", "confluent_kafka", "kafka")
DECLARATIONS = "services/*/inbound/kafka.py"
"""Where a service declares what it reads and writes: with FastStream, and with no client."""


def product_files() -> list[Path]:
    found = [path for top in ("services", "shared") for path in (ROOT / top).rglob("*.py")]
    return [path for path in found if not str(path.relative_to(ROOT)).startswith(ALLOWED)]


def imported(source: str) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names.add(node.module.split(".")[0])
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
            called = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
            names |= {str(a.value).split(".")[0] for a in node.args[:1] if isinstance(a, ast.Constant)} & (
                set(KAFKA) if called in ("import_module", "__import__") else set()
            )
    return names


def test_only_messaging_talks_to_kafka() -> None:
    texts = {path: path.read_text(encoding="utf-8") for path in product_files()}
    named = {path: text for path, text in texts.items() if any(client in text for client in KAFKA)}
    talking = {path for path, text in named.items() if imported(text) & set(KAFKA)}
    declaring = {path for path in talking if path.match(DECLARATIONS)}
    assert talking - declaring == set()
    assert len(declaring) == len(list((ROOT / "services").glob("*/inbound/kafka.py"))) == 3
    assert all(imported(texts[path]) & set(KAFKA) == {"faststream"} for path in declaring)


def test_the_look_out_sees_every_way_to_import() -> None:
    assert imported("from aiokafka import X") >= {"aiokafka"}
    assert imported("def f():\n    import faststream.kafka") >= {"faststream"}
    assert imported("importlib.import_module('confluent_kafka.admin')") >= {"confluent_kafka"}
