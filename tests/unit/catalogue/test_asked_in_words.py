"""Form 02 names papers by their kinds; who reads it gets the names of the procedure's own list."""

import pytest

from shared.catalogue.model.paper_names import paper_names
from tests.builders.catalogue import catalogue


@pytest.mark.parametrize(
    ("procedure", "item", "words"),
    [
        ("building-permit-house", "DON-GPXD", "Đơn đề nghị cấp giấy phép xây dựng"),
        ("building-permit-house", "Bản vẽ tầng 2 chưa có kích thước", "Bản vẽ tầng 2 chưa có kích thước"),
        ("building-permit-house", "DON-GPXD | chữ ký", "DON-GPXD | chữ ký"),
    ],
)
def test_a_kind_is_named_and_an_offices_own_words_stay(procedure: str, item: str, words: str) -> None:
    city = catalogue()
    assert paper_names(item, city.procedure_version(procedure, 1), city).vi == words


def test_where_one_of_several_is_enough_all_are_named() -> None:
    city = catalogue()
    buying = city.procedure_version("social-housing-purchase", 1)
    said = paper_names("MAU02 | MAU03", buying, city)
    assert " hoặc " in said.vi
    assert " or " in said.en
    assert "MAU0" not in said.vi + said.en
