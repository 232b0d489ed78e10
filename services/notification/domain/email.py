"""An email: the words once, as plain text and as one table layout with its styles inlined.

A letter's text is written in lines: `# ` large, `## ` heading, `- ` item, `> words | address` button,
`~ ` foot, anything else a paragraph. The plain version reads well as it is; the HTML shows the same lines.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import css_inline
from jinja2 import FileSystemLoader, StrictUndefined, Template
from jinja2.sandbox import ImmutableSandboxedEnvironment

from services.notification.domain.facts import (
    LatenessFacts,
    MessageFacts,
    ResultFacts,
    StepFacts,
    format_date,
    format_time,
)
from services.notification.domain.templates import VARIABLES, SenderIdentity, template_values
from services.notification.words import text
from shared.counted_days import CountedDays
from shared.words import BilingualText

LANGUAGES = ("vi", "en")
CITY = text("letters.city")
_MARKS = {"# ": "large", "## ": "heading", "- ": "item", "> ": "button", "~ ": "foot"}


@dataclass(frozen=True, slots=True)
class EmailBlock:
    """One line of a letter and how it is shown."""

    kind: str
    words: str
    href: str = ""

    def plain_text(self) -> str:
        """As the text version shows it."""
        if self.kind == "item":
            return f"- {self.words}"
        return f"{self.words}: {self.href}" if self.kind == "button" else self.words


@dataclass(frozen=True, slots=True)
class RenderedEmail:
    """A finished letter."""

    subject: str
    text: str
    html: str


class EmailTemplates:
    """The letters' templates: loaded once, sandboxed, a missing variable is an error and not a gap."""

    def __init__(self, folder: Path) -> None:
        loader = FileSystemLoader(folder)
        options: dict[str, Any] = {"undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}
        texts = ImmutableSandboxedEnvironment(loader=loader, autoescape=False, **options)
        pages = ImmutableSandboxedEnvironment(loader=loader, autoescape=True, **options)
        self._layout = pages.get_template("layout.html")
        self._texts: dict[tuple[str, str], Template] = {
            (name, lang): texts.get_template(f"{name}.{lang}.txt")
            for name in (*VARIABLES, "foot")
            for lang in LANGUAGES
        }
        self._inline = css_inline.CSSInliner(load_remote_stylesheets=False)

    def render(
        self, template: str, subject: str, facts: MessageFacts, *, language: str, sender: SenderIdentity
    ) -> RenderedEmail:
        """The letter of one case, in the person's language."""
        lang = language if language in LANGUAGES else "vi"
        values = _letter_values(facts, sender, lang)
        texts = (self._texts[name, lang].render(values) for name in (template, "foot"))
        blocks = parse_blocks("\n\n".join(texts))
        html = self._layout.render(
            parts=blocks, lang=lang, subject=subject, city=CITY.en if lang == "en" else CITY.vi
        )
        return RenderedEmail(subject, plain_body(blocks), self._inline.inline(html))


def parse_blocks(text: str) -> list[EmailBlock]:
    """The parts of a letter's text; blank lines only separate."""
    return [_parse_block(line.strip()) for line in text.splitlines() if line.strip()]


def plain_body(blocks: list[EmailBlock]) -> str:
    """The plain version: items close together, everything else apart."""
    text = ""
    for previous, block in zip([None, *blocks], blocks, strict=False):
        is_close = block.kind == "item" and previous is not None and previous.kind in {"item", "heading"}
        text += ("" if previous is None else "\n" if is_close else "\n\n") + block.plain_text()
    return text + "\n"


def _parse_block(line: str) -> EmailBlock:
    for mark, kind in _MARKS.items():
        if line.startswith(mark):
            words, _, href = line.removeprefix(mark).partition(" | ")
            return EmailBlock(kind, words, href)
    return EmailBlock("words", line)


def _letter_values(facts: MessageFacts, sender: SenderIdentity, lang: str) -> Mapping[str, Any]:
    is_vietnamese = lang == "vi"
    steps = () if facts.private else facts.steps
    return template_values(facts, sender, marked=True, english=not is_vietnamese) | {
        "url": f"https://{sender.short_link(facts.link_ref)}",
        "answer_by": f"{format_time(facts.answer_by)} {format_date(facts.answer_by)}"
        if facts.answer_by
        else "",
        "reason": facts.reason_vi if is_vietnamese else facts.reason_en,
        "rule": facts.rule_vi if is_vietnamese else facts.rule_en,
        "delivery": facts.delivery,
        "items": facts.items if is_vietnamese else facts.items_en or facts.items,
        "owes_money": bool(facts.amount),
        "late": _lateness_values(facts.late, is_vietnamese) if facts.late else None,
        "count": [_format_count(line, is_vietnamese) for line in facts.count],
        "results": [
            {"words": _format_result(result, is_vietnamese), "granted": result.granted}
            for result in facts.results
        ],
        "steps": [_format_step(step, is_vietnamese) for step in steps],
    }


def _format_result(result: ResultFacts, is_vietnamese: bool) -> str:
    return f"{result.title_vi if is_vietnamese else result.title_en} ({result.office})"


def _lateness_values(lateness: LatenessFacts, is_vietnamese: bool) -> Mapping[str, str]:
    duration = _format_lateness(lateness.minutes)
    title = lateness.title_vi if is_vietnamese else lateness.title_en
    return {
        "was_due": format_date(lateness.was_due_at),
        "office": lateness.office,
        "step": title,
        "by": duration.vi if is_vietnamese else duration.en,
    }


def _format_lateness(minutes: int) -> BilingualText:
    """Working time in hours and minutes, never none of either."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return text("facts.minutes", minutes=rest)
    if not rest:
        return text("facts.hours", hours=hours)
    return text("facts.hours_and_minutes", hours=hours, minutes=rest)


def _format_count(line: CountedDays, is_vietnamese: bool) -> str:
    first, last = f"{line.from_:%d/%m}", f"{line.to:%d/%m}"
    days = first if first == last else f"{first} – {last}"
    return f"{days}: {line.why_vi if is_vietnamese else line.why_en}"


def _format_step(step: StepFacts, is_vietnamese: bool) -> str:
    return f"{step.title_vi if is_vietnamese else step.title_en}: {step.office}"
