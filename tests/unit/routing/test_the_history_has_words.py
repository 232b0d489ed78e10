"""Whatever may lead to a change is named on the page of a dossier's life, not by its type."""

from pathlib import Path

import pytest

from services.routing.domain.acts.case_kinds import OPENED_BY
from services.routing.domain.deadlines.escalation import ESCALATED
from services.routing.usecases.act_on_tasks import FACTS
from services.routing.usecases.recount_dates import BECAUSE
from shared.events import agency, case, registry, topics

WORDS = Path("services/routing/templates/history_words.html").read_text(encoding="utf-8")
CAUSES = (
    *registry.types_of(topics.DOSSIER_EVENTS),
    *FACTS.values(),
    *OPENED_BY.values(),
    *(
        case.REASSIGNED,
        BECAUSE,
        ESCALATED,
        case.WARNING,
        case.BREACHED,
        case.APOLOGY_DRAFTED,
        case.NEW_DATE_PASSED,
        agency.ANSWERED,
    ),
)


@pytest.mark.parametrize("cause", sorted(set(CAUSES)))
def test_every_cause_has_words_in_both_languages(cause: str) -> None:
    assert f'"{cause}": t("' in WORDS
