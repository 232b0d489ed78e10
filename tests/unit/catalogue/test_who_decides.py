"""Every dossier is decided by a step that says so, in a word that everybody knows."""

from copy import deepcopy
from functools import cache
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from shared.catalogue import Catalogue, Procedure
from shared.catalogue.loading import references
from shared.catalogue.loading.load import CatalogueErrors, LoadedFolder, load_items, read_procedure
from shared.catalogue.loading.located_data import DataProblem
from shared.outcomes import StepOutcome, read_outcome
from tests.builders.catalogue import FOLDER, catalogue, items

DECIDING = {
    "birth-interlinked": {"birth", "residence", "health-card", "id-card"},
    "building-permit-house": {"decide"},
    "business-household": {"review"},
    "civil-status-extract": {"sign"},
    "copy-from-original-book": {"sign"},
    "death-interlinked": {"death", "residence-off", "survivor", "funeral-social"},
    "disability-certificate": {"publish"},
    "housing-condition-02": {"sign"},
    "income-confirm-police": {"confirm"},
    "judicial-record-1": {"issue"},
    "land-certificate-lost": {"sign"},
    "land-transfer": {"update"},
    "marital-status": {"sign"},
    "marriage": {"register"},
    "permanent-residence": {"issue"},
    "social-housing-purchase": {"contract", "loan"},
}
ENDING_BY_DENIAL = {
    "birth-interlinked": {"birth"},
    "business-household": {"review"},
    "copy-from-original-book": {"sign"},
    "death-interlinked": {"death"},
    "land-transfer": {"check"},
    "social-housing-purchase": {"investor-check", "list-opinion", "draw", "contract"},
}
LAST = {
    "birth-interlinked": {"health-card", "id-card"},
    "business-household": {"tax-code"},
    "copy-from-original-book": {"issue"},
    "death-interlinked": {"residence-off", "survivor", "funeral-social"},
}
"""The steps that may be the last of a plan, where these are not the steps that decide."""

WORDS = "    outcomes: [granted, denied]\n"
VERSIONS = [pytest.param(one, id=f"{one.id} {one.version}") for one in catalogue().all_versions()]


def plans(procedure: Procedure) -> list[tuple[str, ...]]:
    """The steps of every plan: each fact that a step depends on is true, false or not told."""
    facts = sorted({step.when.fact for step in procedure.steps if step.when})
    found: list[tuple[str, ...]] = []
    for values in product((True, False, None), repeat=len(facts)):
        told = {name: value for name, value in zip(facts, values, strict=True) if value is not None}
        found.append(tuple(step.id for step in procedure.plan(told)))
    return found


def deciding(procedure: Procedure) -> set[str]:
    return {step.id for step in procedure.steps if step.decides}


def test_the_table_names_all_16_procedures() -> None:
    assert set(DECIDING) == {one.id for one in catalogue().all_versions()}
    assert len(DECIDING) == 16


@pytest.mark.parametrize("procedure", VERSIONS)
def test_every_plan_of_every_version_has_a_step_that_decides(procedure: Procedure) -> None:
    decides = deciding(procedure)
    for plan in plans(procedure):
        assert decides.intersection(plan), plan


@pytest.mark.parametrize("procedure", VERSIONS)
def test_the_steps_that_decide_are_those_of_the_table(procedure: Procedure) -> None:
    steps = {step.id for step in procedure.steps}
    assert deciding(procedure) == DECIDING[procedure.id] & steps
    ending = {step.id for step in procedure.steps if step.denial_ends}
    assert ending == ENDING_BY_DENIAL.get(procedure.id, set()) & steps


@pytest.mark.parametrize("procedure", VERSIONS)
def test_only_they_have_outcomes_and_these_are_the_two_words(procedure: Procedure) -> None:
    for step in procedure.steps:
        assert step.outcomes == (tuple(StepOutcome) if step.requires_outcome else ()), step.id


def spoiled(procedure: str, old: str, new: str) -> list[str]:
    """The problems of a procedure in which this text is another."""
    text = (FOLDER / "procedures" / f"{procedure}.yaml").read_text("utf-8")
    assert old in text
    return [str(problem) for problem in problems_of(procedure, text.replace(old, new, 1))]


def problems_of(procedure: str, text: str) -> list[DataProblem]:
    with TemporaryDirectory() as folder:
        file = Path(folder) / f"{procedure}.yaml"
        file.write_text(text, "utf-8")
        again, sources = dict(whole().items), dict(whole().sources)
        read_procedure(file, again, sources)
        faults = sources[file.name].problems
        if faults:
            raise CatalogueErrors(faults)
        return list(references.reference_errors(again, sources))


@cache
def whole() -> LoadedFolder:
    return load_items(FOLDER)


def test_a_procedure_that_nobody_decides_is_refused_with_its_remedy() -> None:
    said = spoiled("judicial-record-1", f"{WORDS}    decides: true\n", "")
    assert any("judicial-record-1.yaml" in one and "no step decides" in one for one in said), said
    assert any("`decides: true`" in one and "[granted, denied]" in one for one in said)


def test_a_step_that_decides_in_no_words_is_refused() -> None:
    (said, *_) = spoiled("judicial-record-1", WORDS, "")
    assert "versions.0.steps.2.decides" in said
    assert "outcomes: [granted, denied]" in said


def test_an_outcome_that_is_no_word_is_refused() -> None:
    with pytest.raises(CatalogueErrors) as found:
        spoiled("judicial-record-1", WORDS, "    outcomes: [granted, Denied]\n")
    assert "outcomes" in str(found.value)
    assert "'granted' or 'denied'" in str(found.value)


def test_a_plan_that_nobody_decides_is_refused_with_its_facts() -> None:
    text = (FOLDER / "procedures/social-housing-purchase.yaml").read_text("utf-8")
    once = text.replace("    decides: true\n    denial_ends: true\n", "    denial_ends: true\n", 1)
    said = [str(problem) for problem in problems_of("social-housing-purchase", once)]
    assert any("no step decides when" in one and "wants_loan is" in one for one in said), said


def test_a_denial_that_cannot_be_said_is_refused() -> None:
    said = spoiled("land-transfer", WORDS, "    outcomes: [granted]\n")
    assert any("denial_ends" in one and "cannot be denied" in one for one in said)


def test_a_step_that_a_filed_paper_does_says_no_outcome() -> None:
    said = spoiled("land-certificate-lost", "    makes: NIEMYET\n", f"    makes: NIEMYET\n{WORDS}")
    assert any("says no outcome" in one for one in said)


def published_before() -> Catalogue:
    """The catalogue as it was stored before steps had outcomes."""
    stored = deepcopy(items())
    for item, content in stored.items():
        if item.startswith("procedure:"):
            for step in content["steps"]:
                for name in ("outcomes", "decides", "denial_ends"):
                    step.pop(name, None)
    return Catalogue.from_items(stored)


def test_of_a_version_published_before_the_last_steps_decide_in_known_words() -> None:
    for procedure in published_before().all_versions():
        steps = {step.id for step in procedure.steps}
        expected = LAST.get(procedure.id, DECIDING[procedure.id]) & steps
        if "id-card" not in steps and procedure.id == "birth-interlinked":
            expected = {"residence", "health-card"}
        assert deciding(procedure) == expected, procedure.id
        for plan in plans(procedure):
            assert expected.intersection(plan), (procedure.id, plan)
        for step in procedure.steps:
            assert step.outcomes == (tuple(StepOutcome) if step.decides else ())


@pytest.mark.parametrize(
    ("word", "means"),
    [
        ("granted", StepOutcome.GRANTED),
        ("denied", StepOutcome.DENIED),
        ("done", StepOutcome.GRANTED),
        ("Denied", None),
        ("DENIED", None),
        ("denied ", None),
        ("rejected", None),
        ("từ chối", None),
        ("", None),
        (None, None),
    ],
)
def test_a_stored_word_is_read_exactly_or_not_at_all(word: str | None, means: StepOutcome | None) -> None:
    assert read_outcome(word) is means
