"""Names on the board's map never lie on one another."""

from services.routing.inbound.pages.board_view import MOST_LABELS, MapSpot, labelled_spots
from shared.catalogue import Ward
from tests.builders.catalogue import catalogue

WARD = catalogue().wards()[0]


def spot(x: float, y: float, waiting: int, ward: Ward = WARD) -> MapSpot:
    return MapSpot(ward, x, y, 5.0, waiting, 0)


def test_of_two_neighbours_the_busier_one_is_named() -> None:
    quiet, busy = spot(100, 100, 2), spot(110, 105, 9)
    assert labelled_spots([quiet, busy]) == [busy]


def test_wards_apart_are_all_named_but_only_the_busiest_few() -> None:
    apart = [spot(10, 30 * n, n) for n in range(1, 8)]
    assert labelled_spots(apart) == apart[: -MOST_LABELS - 1 : -1]


def test_a_ward_with_nothing_waiting_has_no_name_on_the_map() -> None:
    assert labelled_spots([spot(10, 10, 0)]) == []
