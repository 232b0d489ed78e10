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
    ExplanationLine,
    LatenessFacts,
    MessageFacts,
    ResultFacts,
    StepFacts,
    format_date,
    format_time,
)
from services.notification.domain.templates import VARIABLES, SenderIdentity, template_values

LANGUAGES = ("vi", "en")
CITY = {"vi": "Hà Nội", "en": "Hanoi"}
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
        words = ImmutableSandboxedEnvironment(loader=loader, autoescape=False, **options)
        pages = ImmutableSandboxedEnvironment(loader=loader, autoescape=True, **options)
        self._layout = pages.get_template("layout.html")
        self._texts: dict[tuple[str, str], Template] = {
            (name, lang): words.get_template(f"{name}.{lang}.txt")
            for name in (*VARIABLES, "foot")
            for lang in LANGUAGES
        }
        self._inline = css_inline.CSSInliner(load_remote_stylesheets=False)

    def render(
        self, template: str, subject: str, facts: MessageFacts, *, language: str, sender: SenderIdentity
    ) -> RenderedEmail:
        """The letter of one case, in the person's language."""
        lang = language if language in LANGUAGES else "vi"
        told = _told(facts, sender, lang)
        words = (self._texts[name, lang].render(told) for name in (template, "foot"))
        parts = parse_blocks("\n\n".join(words))
        html = self._layout.render(parts=parts, lang=lang, subject=subject, city=CITY[lang])
        return RenderedEmail(subject, plain_body(parts), self._inline.inline(html))


def parse_blocks(text: str) -> list[EmailBlock]:
    """The parts of a letter's text; blank lines only separate."""
    return [_part(line.strip()) for line in text.splitlines() if line.strip()]


def plain_body(parts: list[EmailBlock]) -> str:
    """The plain version: items close together, everything else apart."""
    out = ""
    for before, part in zip([None, *parts], parts, strict=False):
        together = part.kind == "item" and before is not None and before.kind in {"item", "heading"}
        out += ("" if before is None else "\n" if together else "\n\n") + part.plain_text()
    return out + "\n"


def _part(line: str) -> EmailBlock:
    for mark, kind in _MARKS.items():
        if line.startswith(mark):
            words, _, href = line.removeprefix(mark).partition(" | ")
            return EmailBlock(kind, words, href)
    return EmailBlock("words", line)


def _told(facts: MessageFacts, sender: SenderIdentity, lang: str) -> Mapping[str, Any]:
    vi = lang == "vi"
    named = () if facts.private else facts.steps
    return template_values(facts, sender, marked=True, english=not vi) | {
        "url": f"https://{sender.short_link(facts.link_ref)}",
        "answer_by": f"{format_time(facts.answer_by)} {format_date(facts.answer_by)}"
        if facts.answer_by
        else "",
        "reason": facts.reason_vi if vi else facts.reason_en,
        "rule": facts.rule_vi if vi else facts.rule_en,
        "delivery": facts.delivery,
        "items": facts.items if vi else facts.items_en or facts.items,
        "owes_money": bool(facts.amount),
        "late": _late(facts.late, vi) if facts.late else None,
        "count": [_count(line, vi) for line in facts.count],
        "results": [{"words": _result(each, vi), "granted": each.granted} for each in facts.results],
        "steps": [_step(step, vi) for step in named],
    }


def _result(result: ResultFacts, vi: bool) -> str:
    return f"{result.title_vi if vi else result.title_en} ({result.office})"


def _late(late: LatenessFacts, vi: bool) -> Mapping[str, str]:
    hours, rest = divmod(late.minutes, 60)
    hour, minute = ("giờ", "phút") if vi else ("h", "min")
    parts = [f"{hours} {hour}"] if hours else []
    parts += [f"{rest} {minute}"] if rest or not hours else []
    length = " ".join([*parts, "làm việc" if vi else "of working time"])
    title = late.title_vi if vi else late.title_en
    return {"was_due": format_date(late.was_due_at), "office": late.office, "step": title, "by": length}


def _count(line: ExplanationLine, vi: bool) -> str:
    first, last = (f"{day[8:10]}/{day[5:7]}" for day in (line.from_, line.to))
    days = first if first == last else f"{first} – {last}"
    return f"{days}: {line.why if vi else line.why_en}"


def _step(step: StepFacts, vi: bool) -> str:
    return f"{step.title_vi if vi else step.title_en}: {step.office}"
