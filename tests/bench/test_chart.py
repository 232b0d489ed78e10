"""The picture says in words what it shows, is one well-formed SVG, and does not leave its page."""

from xml.etree import ElementTree as Xml

from tests.bench.chart import WIDTH, Bar, draw

SVG = "{http://www.w3.org/2000/svg}"


def test_a_chart_is_titled_and_told_in_words() -> None:
    drawn = Xml.fromstring(draw("Ours beside theirs", "5 rounds", [Bar("relay & co", 1.1, "0.77", "met")]))  # noqa: S314

    assert drawn.findtext(f"{SVG}title") == "Ours beside theirs"
    assert "relay & co" in (drawn.findtext(f"{SVG}desc") or "")
    assert "0.77" in (drawn.findtext(f"{SVG}desc") or "")


def test_a_bar_far_over_its_goal_stays_on_the_page_and_says_so() -> None:
    drawn = Xml.fromstring(draw("t", "n", [Bar("x", 40.0, "600×")], goal="target"))  # noqa: S314

    bars = [rect for rect in drawn.iter(f"{SVG}rect") if rect.get("class") == "plain"]
    assert float(bars[0].get("x", 0)) + float(bars[0].get("width", 0)) < WIDTH
    assert any(text.text == "»600×" for text in drawn.iter(f"{SVG}text"))
