"""Whether a published item can be read by itself, before a service stores it. References are not checked."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from shared.catalogue.decoding import decode
from shared.catalogue.decoding.decode_calendar import decode_calendars
from shared.catalogue.decoding.decode_kinds import decode_kinds
from shared.catalogue.decoding.decode_organisation import decode_organisation
from shared.catalogue.model.oversight import decode_oversight
from shared.catalogue.model.vocabulary import PaperType
from shared.words import BilingualText
from shared.worktime import Limit, Unit

Json = Mapping[str, Any]


class _AnyPapers(Mapping[str, PaperType]):
    """Papers of every type: the item that has their names may arrive later."""

    def __getitem__(self, type: str) -> PaperType:
        name = BilingualText(type, type)
        return PaperType(type, name, name, private=False, validity=None, validity_kind=None)

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def item_fault(item: str, content: Json) -> str | None:
    """Why this item cannot be read, in one line; None if it can."""
    decode_item = _DECODERS.get(item.split(":", 1)[0] if item.startswith("procedure:") else item)
    if decode_item is None:
        return None
    try:
        decode_item(content)
    except KeyError as error:
        return f"{error.args[0]} is missing"
    except (TypeError, ValueError, AttributeError, LookupError) as error:
        return f"{type(error).__name__}: {error}"[:500]
    return None


def _procedure(content: Json) -> None:
    decode.decode_procedure(content, _AnyPapers(), Limit(Unit.WORKING_DAY, 1), {})


def _facts(content: Json) -> None:
    for name, raw in content["facts"].items():
        decode.decode_fact(name, raw)


def _papers(content: Json) -> None:
    for type, raw in content["papers"].items():
        decode.decode_paper_type(type, raw)


def _words(content: Json) -> None:
    for code, raw in content["channels"].items():
        decode.decode_channel(code, raw)
    for code, raw in content["reasons"].items():
        decode.decode_reason(code, raw)
    decode_oversight(content["rules"])
    decode.decode_thresholds(content["rules"])
    Limit(Unit.WORKING_DAY, content["rules"]["default_step_days"]["value"])


_DECODERS: Mapping[str, Callable[[Json], object]] = {
    "procedure": _procedure,
    "organisation": decode_organisation,
    "organisation:lineage": lambda content: {**content["candidates"]},
    "calendar": decode_calendars,
    "carriers": lambda content: {**content["carriers"]},
    "messages": lambda content: {**content["templates"]},
    "vocabulary:facts": _facts,
    "vocabulary:papers": _papers,
    "vocabulary:words": _words,
    "vocabulary:states": lambda content: {**content["states"]},
    "vocabulary:kinds": lambda content: decode_kinds(content["kinds"]),
}
