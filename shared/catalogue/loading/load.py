"""Loading of a folder's YAML and CSV files to publishable items. All problems are reported at once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from shared.catalogue.decoding.decode_calendar import decode_calendars
from shared.catalogue.loading import (
    references,
    schema,
    schema_calendar,
    schema_carriers,
    schema_organisation,
    schema_procedure,
)
from shared.catalogue.loading.inherit import expand_versions
from shared.catalogue.loading.located_data import DataProblem, LocatedData, read_csv, read_yaml
from shared.worktime import DatedCalendar

Items = dict[str, dict[str, Any]]

FILES: Mapping[str, tuple[str, type[BaseModel]]] = {
    "organisation": ("organisation.yaml", schema_organisation.OrganisationModel),
    "calendar": ("calendars.yaml", schema_calendar.CalendarsModel),
    "carriers": ("carriers.yaml", schema_carriers.CarriersModel),
    "messages": ("messages.yaml", schema_organisation.MessagesModel),
    "vocabulary:facts": ("facts.yaml", schema.FactsModel),
    "vocabulary:kinds": ("kinds.yaml", schema.KindsModel),
    "vocabulary:papers": ("papers.yaml", schema.PapersModel),
    "vocabulary:states": ("states.yaml", schema_organisation.StatesModel),
    "vocabulary:words": ("words.yaml", schema.WordsFileModel),
}


class CatalogueErrors(Exception):
    """All problems of a folder, in the order of files and lines."""

    def __init__(self, problems: Iterable[DataProblem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda problem: (problem.file, problem.line)))
        super().__init__("\n".join(map(str, self.problems)))


@dataclass(frozen=True, slots=True)
class LoadedFolder:
    """The items of a folder with the file of each, for later errors."""

    items: Items
    sources: dict[str, LocatedData]


def load_folder(path: Path) -> Items:
    """The items to publish, by item key. Raises CatalogueErrors."""
    return load_items(path).items


def load_calendars(path: Path) -> dict[str, DatedCalendar]:
    """Only the calendars of a folder, by name. Raises CatalogueErrors."""
    return decode_calendars(load_calendar_item(path))


def load_calendar_item(path: Path) -> dict[str, Any]:
    """Only the item `calendar` of a folder. Raises CatalogueErrors."""
    file, model = FILES["calendar"]
    source = read_yaml(path / file, file)
    raw = validate_model(source, model, source.data)
    if source.problems:
        raise CatalogueErrors(source.problems)
    return raw


def load_items(path: Path) -> LoadedFolder:
    """The items with their files. Raises CatalogueErrors, which gives file, line and field of each."""
    sources = {item: read_yaml(path / file, file) for item, (file, _) in FILES.items()}
    items: Items = {
        item: validate_model(sources[item], model, sources[item].data) for item, (_, model) in FILES.items()
    }
    items["messages"]["templates"] = _templates_by_key(items["messages"], sources["messages"])
    _read_places(path, items, sources)
    _read_procedures(path, items, sources)
    distinct_sources = {id(source): source for source in sources.values()}
    problems = [problem for source in distinct_sources.values() for problem in source.problems]
    if problems:
        raise CatalogueErrors(problems)
    if problems := list(references.reference_errors(items, sources)):
        raise CatalogueErrors(problems)
    return LoadedFolder(items, sources)


def validate_model(
    source: LocatedData, model: type[BaseModel], data: Any, at: tuple[str | int, ...] = ()
) -> dict[str, Any]:
    """The data validated by a model. Problems are added at the path `at`."""
    if source.problems and not data:
        return {}
    try:
        return model.model_validate(data).model_dump(mode="json", by_alias=True, exclude_unset=True)
    except ValidationError as failure:
        for error in failure.errors(include_url=False, include_input=True):
            remedy = _remedy(error["type"], error["msg"])
            if error["type"] == "string_pattern_mismatch" and source.file.endswith(".csv"):
                remedy += "; a spreadsheet takes leading zeros away: keep the column as text"
            source.add_problem((*at, *_error_path(source, at, error["loc"])), remedy)
        return {}


def _templates_by_key(messages: dict[str, Any], source: LocatedData) -> dict[str, Any]:
    """The templates by key. Their lines are found by key too; a key that stands twice is a problem."""
    by_key: dict[str, Any] = {}
    keys = [template["key"] for template in messages.get("templates", [])]
    for path, line in list(source.lines.items()):
        if path[:1] == ("templates",) and len(path) > 1 and isinstance(path[1], int) and path[1] < len(keys):
            source.lines.setdefault(("templates", keys[path[1]], *path[2:]), line)
    for index, template in enumerate(messages.get("templates", [])):
        if template["key"] in by_key:
            source.add_problem(("templates", index, "key"), f"{template['key']} stands here twice; keep one")
        by_key[template["key"]] = template
    return by_key


def _read_places(path: Path, items: Items, sources: dict[str, LocatedData]) -> None:
    """The wards, which belong to the item of the organisation, and the lineage, an item of its own."""
    wards = sources["wards"] = read_csv(path / "wards.csv", "wards.csv")
    rows = [
        validate_model(wards, schema_organisation.WardModel, row, (index,))
        for index, row in enumerate(wards.data)
    ]
    wards.merge_row_problems()
    items["organisation"]["wards"] = rows
    lineage = sources["organisation:lineage"] = read_csv(path / "lineage.csv", "lineage.csv")
    candidates: dict[str, list[dict[str, Any]]] = {}
    for index, row in enumerate(lineage.data):
        candidate = validate_model(lineage, schema_organisation.LineageModel, row, (index,))
        if candidate:
            candidates.setdefault(candidate["former_ward_code"], []).append(candidate)
    lineage.merge_row_problems()
    items["organisation:lineage"] = {
        "candidates": {code: _likely_first(rows) for code, rows in candidates.items()}
    }


def _likely_first(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    columns = ("code", "name", "share", "former_ward", "former_district_code")
    return [
        {name: row[name] for name in columns} | {"likely": row["likely"] == "yes"}
        for row in sorted(rows, key=lambda row: row["likely"] != "yes")
    ]


def _read_procedures(path: Path, items: Items, sources: dict[str, LocatedData]) -> None:
    for file in sorted((path / "procedures").glob("*.yaml")):
        read_procedure(file, items, sources)


def read_procedure(file: Path, items: Items, sources: dict[str, LocatedData]) -> None:
    """The versions of one procedure as items."""
    source = sources[file.name] = read_yaml(file, f"procedures/{file.name}")
    for index, data in expand_versions(source):
        version = validate_model(source, schema_procedure.ProcedureModel, data, ("versions", index))
        if version:
            key = f"procedure:{version['id']}:{version['version']}"
            items[key], sources[key] = version, source


def _error_path(
    source: LocatedData, at: tuple[str | int, ...], loc: tuple[str | int, ...]
) -> tuple[str | int, ...]:
    """The path of an error, without the names that pydantic adds for branches of a union."""
    path: tuple[str | int, ...] = ()
    for part in loc:
        if (*at, *path, part) in source.lines or part is loc[-1]:
            path = (*path, part)
    return path


def _remedy(kind: str, message: str) -> str:
    match kind:
        case "missing":
            return "is missing; add it"
        case "extra_forbidden":
            return "is no field here; mend the name or take it out"
        case _:
            return message[0].lower() + message[1:]
