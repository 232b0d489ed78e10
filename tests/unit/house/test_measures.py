"""The measures of the house on small sources: what they count and what they leave out."""

from pathlib import PurePosixPath

import pytest

from tests.house import allowances, calls, measures
from tests.house.sources import SourceFile, SourceTree


def tree(files: dict[str, str]) -> SourceTree:
    """A tree of these texts by their paths."""
    return SourceTree(tuple(SourceFile(PurePosixPath(path), text) for path, text in files.items()))


def uses(source: str, path: str = "services/a/b.py") -> dict[str, int]:
    counts = measures.forbidden_uses(tree({path: source}), {"said", "found"}, {"found"})
    return {word: count for (_, word), count in counts.items()}


@pytest.mark.parametrize(
    "source",
    [
        "said = 1",
        "def said(): ...",
        "class said: ...",
        "def reply(said): ...",
        "reply.said = 1",
        "import reply as said",
        "try: ...\nexcept ValueError as said: ...",
        "match reply:\n    case [said]: ...",
        "class Reply:\n    said: int",
    ],
)
def test_every_way_to_bind_a_forbidden_name_is_a_use(source: str) -> None:
    assert uses(source) == {"said": 1}


@pytest.mark.parametrize("source", ["reply.said", "'said'", "# said", "print(sep=said_by)"])
def test_a_name_that_others_chose_is_no_use(source: str) -> None:
    assert uses(source) == {}


def test_a_listed_field_is_exempt_in_wire_models_only() -> None:
    assert uses("class Reply(BaseModel):\n    found: str\n    said: str") == {"said": 1}
    assert uses("class Reply(BaseModel): ...\nclass Late(Reply):\n    found: str") == {}
    assert uses("class Finding:\n    found: str", path="shared/events/agency.py") == {}
    assert uses("class Finding:\n    found: str") == {"found": 1}
    assert uses("class Reply(BaseModel):\n    found: str\nfound = 1") == {"found": 1}


def test_dense_code_is_counted_by_lines_that_are_not_blank() -> None:
    calls_of_five_and_four = "f(1, 2, 3, 4, *g)\nf(1, 2, 3, 4, h=5)\n"
    source = "a = 1 if b else 2\n\n# why\nc = [d for d in e]\nany(d for d in e)\n" + calls_of_five_and_four
    density = measures.measure_density(tree({"services/a.py": source}).files)
    assert density == measures.Density(code_lines=6, ternaries=1, comprehensions=2, positional_calls=1)
    assert density.per_thousand(3) == 500


def test_sentences_are_vietnamese_literals_and_no_docstrings() -> None:
    source = '"""Một cửa."""\n# Một cửa\na = "Hồ sơ"\nb = "dossier"\nc = f"{a} được {b} nhận"\n'
    (file,) = tree({"services/a.py": source}).files
    assert measures.count_sentences(file) == 3


def test_a_package_is_counted_without_init_data_and_migrations() -> None:
    paths = ("shared/a/__init__.py", "shared/a/b.py", "shared/a/c.py", "shared/a/migrations/d.py")
    assert measures.modules_per_package(tree(dict.fromkeys(paths, ""))) == {"shared/a": 2}


def test_public_class_names_are_unique_over_services_and_shared() -> None:
    sources = tree(
        {
            "services/a.py": "class Line: ...\nclass _Row: ...",
            "shared/b.py": "class Line: ...\nclass _Row: ...",
            "deploy/c.py": "class Step: ...",
            "shared/d.py": "class Step: ...",
        }
    )
    assert measures.duplicate_class_names(sources) == {"Line": ["services.a", "shared.b"]}


def test_files_of_the_demo_are_recognised_in_both_layouts() -> None:
    stage = ["deploy/demo/a.py", "deploy/local/city_day/b.py", "deploy/local/issuer.py"]
    product = ["deploy/local/stack.py", "deploy/cli/demo.py", "services/a/sinks/b.py"]
    files = tree(dict.fromkeys([*stage, *product], "")).files
    assert [str(file.path) for file in files if file.is_stage] == stage


CALLS = tree(
    {
        "services/routing/usecases/record.py": """
from shared import rules
from shared.rules import Rule
from shared.events.agency import Reply

async def record(batch: Batch[Reply], rule: Rule):
    decide = rules.decide
    decide(batch)
    rule.settle()
    batch.close()
    answer(map(each, batch))

def each(reply): ...
def unused(): ...
""",
        "shared/rules.py": """
class Rule:
    def settle(self): self.finish()
    def finish(self): ...
    def close(self): ...

class Case:
    def close(self): ...
    def finish(self): decide(self)

def decide(batch: Case): batch.close()
""",
        "shared/events/agency.py": "class Reply: ...",
    }
)


def test_calls_are_followed_by_name_type_and_unique_method() -> None:
    by_name = calls.CallGraph(CALLS, with_types=False)
    reach = by_name.reach(by_name.find_entry("record"))
    assert (reach.files, reach.functions, reach.depth) == (3, 5, 2)
    with_types = calls.CallGraph(CALLS)
    assert with_types.reach(with_types.find_entry("record")).functions == 6


def test_the_handler_of_replies_is_the_entry_where_none_has_the_usual_name() -> None:
    assert calls.CallGraph(CALLS).find_entry() == calls.Stop("services.routing.usecases.record", "record")
    with pytest.raises(LookupError, match="0 functions"):
        calls.CallGraph(CALLS).find_entry("nowhere")


def test_an_allowance_holds_to_the_number() -> None:
    assert allowances.differences({"a": 2, "b": 1}, {"a": 2, "b": 1}) == []
    assert allowances.differences({"a": 3}, {"a": 2}) == ["a: 3, allowed 2"]
    assert allowances.differences({"b": 1}, {}) == ["b: 1, allowed 0"]
    (complaint,) = allowances.differences({}, {"a": 2})
    assert complaint.startswith("a: 0; lower 2")
