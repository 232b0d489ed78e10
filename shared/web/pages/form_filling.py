"""Fills the HTML of a form with what was typed into it before."""

from collections import defaultdict
from collections.abc import Sequence
from html import escape
from html.parser import HTMLParser

from shared.web.pages.form_draft import NEVER_KEPT, FormDraft

_NEVER_TYPED = frozenset({"hidden", "submit", "button", "image", "reset", "password", "file"})
_TICKED = frozenset({"checkbox", "radio"})
Attributes = Sequence[tuple[str, str | None]]


def has_typed_fields(html: str) -> bool:
    """Whether this inside of a form has a field that may be kept."""
    reader = _FieldReader()
    reader.feed(html)
    reader.close()
    return reader.has_field


def fill_form(html: str, draft: FormDraft) -> str:
    """The inside of a form with the values of its draft.

    A field that the page shows as wrong stays as the page gives it. A folded part opens if something was
    typed there.
    """
    filler = _FormFiller(draft)
    filler.feed(html)
    filler.close()
    return "".join(filler.parts)


class _FieldReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.has_field = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        is_field = tag in ("select", "textarea") or (
            tag == "input" and attributes.get("type") not in _NEVER_TYPED
        )
        name = attributes.get("name")
        self.has_field = self.has_field or (is_field and bool(name) and name not in NEVER_KEPT)


class _FormFiller(HTMLParser):
    """Writes the same HTML again, with other values."""

    def __init__(self, draft: FormDraft) -> None:
        super().__init__(convert_charrefs=False)
        self.parts: list[str] = []
        self._values: dict[str, list[str]] = defaultdict(list)
        for name, value in draft.fields:
            self._values[name].append(value)
        self._used: dict[str, int] = defaultdict(int)
        self._folded: list[int] = []
        """Where the open `<details>` begin."""
        self._select: str | None = None
        self._in_typed_text = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        name = attributes.get("name") or ""
        if tag == "details":
            self._folded.append(len(self.parts))
        if tag == "option" and self._select is not None:
            self._write(
                tag, _with_flag(attrs, "selected", attributes.get("value") in self._values[self._select])
            )
        elif (
            (name not in self._values and attributes.get("type") not in _TICKED)
            or attributes.get("aria-invalid")
            or name in NEVER_KEPT
        ):
            self._copy()
        else:
            self._fill(tag, attrs, name)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._copy()

    def handle_endtag(self, tag: str) -> None:
        if tag == "details" and self._folded:
            self._folded.pop()
        if tag == "select":
            self._select = None
        if tag == "textarea":
            self._in_typed_text = False
        self.parts.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if not self._in_typed_text:
            self.parts.append(data)

    def handle_entityref(self, name: str) -> None:
        self.handle_data(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.handle_data(f"&#{name};")

    def handle_comment(self, data: str) -> None:
        self.parts.append(f"<!--{data}-->")

    def _fill(self, tag: str, attrs: Attributes, name: str) -> None:
        attributes = dict(attrs)
        if tag == "select":
            self._select = name
            self._copy()
        elif tag == "textarea":
            value = self._next_value(name)
            self._copy()
            self.parts.append("\n" + escape(value))
            self._in_typed_text = True
        elif tag == "input" and attributes.get("type") in _TICKED:
            is_ticked = attributes.get("value") in self._values.get(name, ())
            self._unfold_if(is_ticked and attributes.get("type") == "checkbox")
            self._write(tag, _with_flag(attrs, "checked", is_ticked))
        elif tag == "input" and attributes.get("type") not in _NEVER_TYPED:
            rest = [(key, text) for key, text in attrs if key != "value"]
            self._write(tag, [*rest, ("value", self._next_value(name))])
        else:
            self._copy()

    def _next_value(self, name: str) -> str:
        values, used = self._values[name], self._used[name]
        self._used[name] += 1
        value = values[min(used, len(values) - 1)]
        self._unfold_if(bool(value))
        return value

    def _unfold_if(self, is_filled: bool) -> None:
        if not is_filled:
            return
        for place in self._folded:
            if " open" not in self.parts[place]:
                self.parts[place] = self.parts[place].replace("<details", "<details open", 1)

    def _copy(self) -> None:
        self.parts.append(self.get_starttag_text() or "")

    def _write(self, tag: str, attrs: Attributes) -> None:
        texts = [name if value is None else f'{name}="{escape(value)}"' for name, value in attrs]
        self.parts.append(f"<{' '.join([tag, *texts])}>")


def _with_flag(attrs: Attributes, flag: str, is_set: bool) -> Attributes:
    rest = [(name, value) for name, value in attrs if name != flag]
    return [*rest, (flag, None)] if is_set else rest
