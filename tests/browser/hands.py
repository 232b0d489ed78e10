"""What a person's hands do on a form, whatever widget the field turned out to be."""

from playwright.sync_api import Page

COPY = "copy-from-original-book"
WARD = "00004"
ANSWERS = {
    "place.chosen": WARD,
    "place.register": WARD,
    "applicant.name": "Nguyễn Ví Dụ Trang",
    "applicant.sex": "nữ",
    "applicant.born": "1990-05-14",
    "applicant.id_number": "099190123456",
    "contact.phone": "0900000077",
    "contact.email": "vidu077@example.vn",
    "facts.copies": "2",
    "papers.0.have": "true",
    "filed_by": "self",
    "delivery": "electronic",
}


def fill(page: Page, answers: dict[str, str]) -> None:
    """Give these answers, each by its field's name."""
    for name, value in answers.items():
        put(page, name, value)


def put(page: Page, name: str, value: str) -> None:
    """One answer: chosen, ticked or typed."""
    field = page.locator(f'[name="{name}"]')
    kind = field.first.get_attribute("type") or ""
    if kind == "radio":
        page.locator(f'[name="{name}"][value="{value}"]').check()
    elif kind == "checkbox":
        field.first.set_checked(value == "true")
    elif field.first.evaluate("el => el.tagName") == "SELECT":
        field.first.select_option(value)
    else:
        field.first.fill(value)


def slip_of(page: Page) -> tuple[str, str]:
    """Code and secret as the slip shows them."""
    return (
        page.locator("#code").inner_text().strip(),
        page.locator("#secret").inner_text().strip(),
    )
