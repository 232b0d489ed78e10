"""Citizens and counters that file dossiers, through the same API as real clients."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from deploy.demo.city_day.city import City
from deploy.demo.dossiers import Filing, project_owners
from deploy.local.counters import AT_A_COUNTER, filing_counter


@dataclass(frozen=True)
class Filed:
    """A filed dossier: the submission, and the data of its slip."""

    filing: Filing
    code: str
    secret: str
    receiving_office: str


@dataclass
class Ledger:
    """The outcome of all submissions. `filed`: by code. `questions`: codes of confirmations asked for.

    `refused`: descriptions of answers that were not expected.
    """

    filed: dict[str, Filed] = field(default_factory=dict)
    questions: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


class Filers:
    """The filings of the day, in the order of time."""

    def __init__(self, city: City, filings: Iterable[Filing]) -> None:
        self._city = city
        self._waiting = sorted(filings, key=lambda filing: (filing.at, filing.key), reverse=True)
        self.ledger = Ledger()

    def next_at(self) -> datetime | None:
        """The time of the next filing; None after the last."""
        return self._waiting[-1].at if self._waiting else None

    async def file_until(self, now: datetime) -> None:
        """Send all filings due by `now`, one by one, so that the serials of codes follow their order."""
        while self._waiting and self._waiting[-1].at <= now:
            await self._file(self._waiting.pop())

    async def _file(self, filing: Filing) -> None:
        answer = await self.send(filing)
        if answer.status_code == 409 and answer.json().get("code") == "needs_confirmation":
            answer = await self._confirm(filing, answer.json()["errors"])
        if answer.status_code not in (200, 201):
            self.ledger.refused.append(f"{filing.procedure}: {answer.status_code} {answer.text[:300]}")
            return
        slip = answer.json()
        self.ledger.filed[slip["code"]] = Filed(
            filing, slip["code"], slip["secret"], slip["receiving_office"]
        )

    async def _confirm(self, filing: Filing, questions: list[dict[str, Any]]) -> Any:
        """Confirm all questions and send the filing again. Samples expect certain candidates."""
        codes = [question["code"] for question in questions]
        offered = [candidate["value"] for question in questions for candidate in question["candidates"]]
        if filing.is_sample and offered != self._expected_candidates(filing):
            self.ledger.refused.append(f"{filing.key}: asked {codes}, shown {offered}")
        self.ledger.questions += codes
        return await self.send(filing, confirmed=codes)

    def _expected_candidates(self, filing: Filing) -> list[str]:
        """The candidates that a sample expects: the code of the same dossier, or the days to apply."""
        expect = filing.expect
        if "same_as" in expect:
            return [
                code for code, dossier in self.ledger.filed.items() if dossier.filing.key == expect["same_as"]
            ]
        return [expect[name] for name in ("apply_from", "apply_until") if name in expect]

    async def send(self, filing: Filing, **extra: Any) -> Any:
        """POST the filing, with `extra` fields in its body."""
        url = f"{self._city.stack.intake_url}/v1/dossiers"
        headers = {"Idempotency-Key": filing.key}
        if filing.body["channel"] in AT_A_COUNTER:
            headers["X-Office"] = filing_counter(filing.body["place"])
        return await self._city.post(url, self._key(filing), filing.body | extra, **headers)

    def _key(self, filing: Filing) -> str | None:
        stack, channel = self._city.stack, filing.body["channel"]
        if channel == "investor":
            return stack.agencies[project_owners()[filing.body["place"]["project"]]]
        return stack.counter_api_key if channel in AT_A_COUNTER else None


def wrong_answer(filing: Filing, status: int, problem: Mapping[str, Any]) -> str | None:
    """What is wrong with the answer to a sample with an invalid field; None if it is as expected."""
    if status != 422:
        return f"expected 422, got {status}"
    matching = [error for error in problem.get("errors", []) if error["field"] == filing.expect["field"]]
    if not matching:
        return f"no error names {filing.expect['field']}"
    offered = {candidate["value"] for candidate in matching[0].get("candidates") or []}
    missing = set(filing.expect.get("candidates", [])) - offered
    return f"does not offer {', '.join(sorted(missing))}" if missing else None
