"""Forms of our pages as a browser without scripts reads and sends them."""

import re
from html.parser import HTMLParser

import httpx

BROWSER = {"accept": "text/html"}


class _Fields(HTMLParser):
    """The fields that a browser would send, by the action of their form."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: dict[str, dict[str, str]] = {}
        self._form: dict[str, str] | None = None
        self._select = self._textarea = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = self.forms.setdefault(given["action"], {})
        if self._form is None or (not given.get("name") and tag != "option"):
            return
        if tag == "input" and (given.get("type") not in ("radio", "checkbox") or "checked" in given):
            self._form[given["name"]] = given.get("value", "on")
        elif tag == "select":
            self._select = given["name"]
        elif tag == "option" and "selected" in given:
            self._form[self._select] = given["value"]
        elif tag == "textarea":
            self._textarea = given["name"]
            self._form[self._textarea] = ""

    def handle_data(self, data: str) -> None:
        if self._form is not None and self._textarea:
            self._form[self._textarea] += data.removeprefix("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._textarea = ""
        if tag == "form":
            self._form = None


def fields_of(page: httpx.Response, action: str) -> dict[str, str]:
    """What a browser would send of this form."""
    reader = _Fields()
    reader.feed(page.text)
    return reader.forms[action]


def typed_in(page: httpx.Response, action: str, typed: dict[str, str]) -> dict[str, str]:
    """What of this stands in the form."""
    fields = fields_of(page, action)
    return {name: fields.get(name, "") for name in typed}


async def switch_language(
    http: httpx.AsyncClient, page: httpx.Response, action: str, **typed: str
) -> httpx.Response:
    """Press the button of the other language with these fields filled in; the page one comes back to."""
    button = re.search(r'formaction="(/drafts\?lang=\w+)"', page.text)
    assert button
    sent = await http.post(button[1], data=fields_of(page, action) | typed, headers=BROWSER)
    assert sent.status_code == 303
    return await http.get(sent.headers["location"], headers=BROWSER, follow_redirects=True)
