"""The inside of a form, filled with what was typed before."""

from shared.web.pages.form_draft import FormDraft, draft_of_fields
from shared.web.pages.form_filling import fill_form, has_typed_fields


def filled(html: str, *fields: tuple[str, str]) -> str:
    return fill_form(html, FormDraft("/file/x", "/file/x", fields))


def test_text_is_filled_in_and_never_becomes_markup() -> None:
    html = filled('<input id="f-a" name="a" type="text" value="old" required>', ("a", '"><script>'))
    assert html == '<input id="f-a" name="a" type="text" required value="&quot;&gt;&lt;script&gt;">'


def test_a_text_area_keeps_its_lines() -> None:
    assert filled('<textarea name="a">old &amp; gone</textarea>', ("a", "x\n<y>")) == (
        '<textarea name="a">\nx\n&lt;y&gt;</textarea>'
    )


def test_choices_are_those_that_were_made_and_no_others() -> None:
    boxes = '<input type="checkbox" name="a" value="1" checked><input type="checkbox" name="a" value="2">'
    assert filled(boxes, ("a", "2"), ("b", "x")) == (
        '<input type="checkbox" name="a" value="1"><input type="checkbox" name="a" value="2" checked>'
    )
    options = '<select name="s"><option value="1" selected>A</option><option value="2">B</option></select>'
    assert '<option value="2" selected>' in filled(options, ("s", "2"))
    assert '<option value="1">' in filled(options, ("s", "2"))


def test_hidden_fields_secrets_and_wrong_fields_stay_as_the_page_gives_them() -> None:
    html = (
        '<input type="hidden" name="channel" value="counter"><input name="secret" value="">'
        '<select name="place" aria-invalid="true"><option value="1">A</option></select>'
    )
    assert filled(html, ("channel", "online"), ("secret", "x"), ("place", "1")) == html


def test_a_folded_part_opens_where_something_was_typed() -> None:
    html = '<details><summary>S</summary><input name="a"></details><details><input name="b"></details>'
    opened = filled(html, ("a", "x"), ("b", ""))
    assert opened.startswith("<details open>")
    assert opened.count("open") == 1


def test_words_and_pictures_between_the_fields_stay() -> None:
    html = '<p>a &amp; b &#233;<!-- c --></p><svg viewBox="0 0 1 1"><path d="M0"/></svg><input name="a">'
    assert filled(html, ("a", "x")).startswith(html.removesuffix('<input name="a">'))


def test_only_a_form_with_fields_that_may_be_kept_has_a_draft() -> None:
    assert has_typed_fields('<select name="a"></select>')
    assert not has_typed_fields('<input type="hidden" name="a"><input name="secret"><button name="b">')


def test_a_draft_never_holds_secrets_tokens_or_files() -> None:
    sent = {
        "draft.form": "/x",
        "draft.page": "/y",
        "csrf": "t",
        "acting": "me",
        "secret": "s",
        "password": "p",
    }
    draft = draft_of_fields([*sent.items(), ("name", "An"), ("file", b"bytes")])
    assert draft == FormDraft("/x", "/y", (("name", "An"),))


def test_a_form_without_an_address_has_no_draft() -> None:
    assert draft_of_fields([("name", "An")]) is None
    assert draft_of_fields([("draft.form", "/" + "x" * 600), ("draft.page", "/y")]) is None
