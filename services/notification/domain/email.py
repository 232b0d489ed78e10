"""Emails: one template per message and language gives the plain text and the HTML.

A template's line starts with `# ` (large), `## ` (heading), `- ` (item), `> text | address` (button) or
`~ ` (footer); any other line is a paragraph. The HTML is a table layout with inlined styles.
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
from services.notification.domain.templates import SenderIdentity, template_values
from services.notification.words import text
from shared.catalogue.texts.message_contract import TEMPLATE_VARIABLES
from shared.counted_days import CountedDays
from shared.words import BilingualText

LANGUAGES = ("vi", "en")
CITY = text("letters.city")
_MARKS = {"# ": "large", "## ": "heading", "- ": "item", "> ": "button", "~ ": "foot"}


@dataclass(frozen=True, slots=True)
class EmailBlock:
    """One line of an email and the kind of its element."""

    kind: str
    words: str
    href: str = ""

    def plain_text(self) -> str:
        """The line in the plain-text version."""
        if self.kind == "item":
            return f"- {self.words}"
        if self.kind == "button":
            return f"{self.words}: {self.href}"
        return self.words


@dataclass(frozen=True, slots=True)
class RenderedEmail:
    """A rendered email."""

    subject: str
    text: str
    html: str


class EmailTemplates:
    """The templates of emails, loaded once and sandboxed. A missing variable raises UndefinedError."""

    def __init__(self, folder: Path) -> None:
        loader = FileSystemLoader(folder)
        options: dict[str, Any] = {"undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}
        texts = ImmutableSandboxedEnvironment(loader=loader, autoescape=False, **options)
        pages = ImmutableSandboxedEnvironment(loader=loader, autoescape=True, **options)
        self._layout = pages.get_template("layout.html")
        self._texts: dict[tuple[str, str], Template] = {}
        for name in (*TEMPLATE_VARIABLES, "foot"):
            for lang in LANGUAGES:
                self._texts[name, lang] = texts.get_template(f"{name}.{lang}.txt")
        self._inline = css_inline.CSSInliner(load_remote_stylesheets=False)

    def render(
        self, template: str, subject: str, facts: MessageFacts, *, language: str, sender: SenderIdentity
    ) -> RenderedEmail:
        """The email about one case in this language; KeyError for an unknown one."""
        body_template, foot_template = self._texts[template, language], self._texts["foot", language]
        values = _letter_values(facts, sender, language)
        body = body_template.render(values)
        foot = foot_template.render(values)
        blocks = parse_blocks(f"{body}\n\n{foot}")
        city = CITY.en if language == "en" else CITY.vi
        html = self._layout.render(parts=blocks, lang=language, subject=subject, city=city)
        return RenderedEmail(subject, plain_body(blocks), self._inline.inline(html))


def parse_blocks(text: str) -> list[EmailBlock]:
    """The lines of a rendered template, without the blank ones."""
    return [_parse_block(line.strip()) for line in text.splitlines() if line.strip()]


def plain_body(blocks: list[EmailBlock]) -> str:
    """The plain-text version. An item follows the line above; a blank line precedes everything else."""
    lines: list[str] = []
    previous_kind = ""
    for block in blocks:
        is_in_list = block.kind == "item" and previous_kind in {"item", "heading"}
        if lines and not is_in_list:
            lines.append("")
        lines.append(block.plain_text())
        previous_kind = block.kind
    return "\n".join(lines) + "\n"


def _parse_block(line: str) -> EmailBlock:
    for mark, kind in _MARKS.items():
        if line.startswith(mark):
            words, _, href = line.removeprefix(mark).partition(" | ")
            return EmailBlock(kind, words, href)
    return EmailBlock("words", line)


def _letter_values(facts: MessageFacts, sender: SenderIdentity, lang: str) -> Mapping[str, Any]:
    is_vietnamese = lang == "vi"
    values: dict[str, Any] = {
        "url": f"https://{sender.short_link(facts.link_ref)}",
        "answer_by": "",
        "delivery": facts.delivery,
        "owes_money": bool(facts.amount),
        "late": None,
        "denied": facts.denied,
        "count": [_format_count(line, is_vietnamese) for line in facts.count],
        "results": [_result_values(result, is_vietnamese) for result in facts.results],
        "steps": [],
    }
    if is_vietnamese:
        values |= {"reason": facts.reason_vi, "rule": facts.rule_vi, "items": facts.items}
    else:
        values |= {"reason": facts.reason_en, "rule": facts.rule_en, "items": facts.items_en or facts.items}
    if facts.answer_by:
        values["answer_by"] = f"{format_time(facts.answer_by)} {format_date(facts.answer_by)}"
    if facts.late:
        values["late"] = _lateness_values(facts.late, is_vietnamese)
    if not facts.private:
        values["steps"] = [_format_step(step, is_vietnamese) for step in facts.steps]
    return template_values(facts, sender, marked=True, english=not is_vietnamese) | values


def _result_values(result: ResultFacts, is_vietnamese: bool) -> Mapping[str, Any]:
    title = result.title_vi if is_vietnamese else result.title_en
    return {"words": f"{title} ({result.office})", "granted": result.granted, "reason": result.reason}


def _lateness_values(lateness: LatenessFacts, is_vietnamese: bool) -> Mapping[str, str]:
    values = {"was_due": format_date(lateness.was_due_at), "office": lateness.office}
    duration = _format_lateness(lateness.minutes)
    if is_vietnamese:
        return values | {"step": lateness.title_vi, "by": duration.vi}
    return values | {"step": lateness.title_en, "by": duration.en}


def _format_lateness(minutes: int) -> BilingualText:
    """Working time in hours and minutes, without a part that is zero; empty below a minute."""
    if minutes < 1:
        return BilingualText("", "")
    hours, rest = divmod(minutes, 60)
    if not hours:
        return text("facts.minutes", minutes=rest)
    if not rest:
        return text("facts.hours", hours=hours)
    return text("facts.hours_and_minutes", hours=hours, minutes=rest)


def _format_count(line: CountedDays, is_vietnamese: bool) -> str:
    first, last = f"{line.from_:%d/%m}", f"{line.to:%d/%m}"
    days = first if first == last else f"{first} – {last}"
    reason = line.why_vi if is_vietnamese else line.why_en
    return f"{days}: {reason}"


def _format_step(step: StepFacts, is_vietnamese: bool) -> str:
    title = step.title_vi if is_vietnamese else step.title_en
    return f"{title}: {step.office}"
