"""The check behind `motcua catalogue check`: every role finds an office at every place on every date."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from shared.catalogue.decoding.reader import Catalogue
from shared.catalogue.loading.load import CatalogueErrors, LoadedFolder, load_items
from shared.catalogue.loading.located_data import DataProblem
from shared.catalogue.loading.references import source_index
from shared.catalogue.model.organisation import NoOffice, Office
from shared.catalogue.model.procedure import Procedure
from shared.catalogue.texts.measure import gsm7_length
from shared.words.diacritics import strip_diacritics

LONGEST_SHORT_NAME = 25


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What was checked, and the problems found."""

    procedures: int
    versions: int
    roles: int
    offices: int
    parties: int
    wards: int
    resolutions: int
    dates: int
    texts: int
    problems: tuple[DataProblem, ...]


def check_folder(path: Path) -> CheckReport:
    """Load and check a folder. All problems are in the report; none raises."""
    try:
        loaded = load_items(path)
    except CatalogueErrors as error:
        return CheckReport(0, 0, 0, 0, 0, 0, 0, 0, 0, error.problems)
    catalogue = Catalogue.from_items(loaded.items)
    days = change_days(catalogue)
    tally = [0]
    problems = [
        *_resolution_problems(catalogue, loaded, days, tally),
        *_office_problems(catalogue, loaded),
        *_text_problems(loaded),
    ]
    versions = catalogue.all_versions()
    return CheckReport(
        procedures=len({item.id for item in versions}),
        versions=len(versions),
        roles=len(loaded.items["organisation"]["roles"]),
        offices=len(catalogue.offices()),
        parties=len(catalogue.parties()),
        wards=len(catalogue.wards()),
        resolutions=tally[0],
        dates=len(days),
        texts=len(loaded.items["messages"]["templates"]),
        problems=tuple(sorted(problems, key=lambda item: (item.file, item.line))),
    )


def change_days(catalogue: Catalogue) -> tuple[date, ...]:
    """The first day, and each day on which something changes with the day before it."""
    days = set(catalogue.change_days())
    return tuple(sorted(days | {day - timedelta(days=1) for day in days} | {catalogue.valid_from}))


def _resolution_problems(
    catalogue: Catalogue, loaded: LoadedFolder, days: tuple[date, ...], counter: list[int]
) -> Iterator[DataProblem]:
    """Problems where a role of a version finds no office at a place, or no party on a date."""
    checked: set[str] = set()
    for procedure in catalogue.all_versions():
        places = list(_everywhere(catalogue, procedure, days[-1]))
        for role, path in _roles(procedure):
            try:
                offices = {catalogue.office_for(role, place, procedure, days[-1]).id for place in places}
                counter[0] += len(places)
                for office in offices - checked:
                    for day in days:
                        catalogue.party_of(office, day)
                checked |= offices
            except (NoOffice, KeyError) as error:
                source = loaded.sources[f"procedure:{procedure.id}:{procedure.version}"]
                line = source.line(("versions", source_index(source, procedure.version), *path))
                yield DataProblem(source.file, line, role, f"finds no office or party: {error}")


def _roles(procedure: Procedure) -> Iterator[tuple[str, tuple[str | int, ...]]]:
    yield procedure.receives, ("receives",)
    for index, step in enumerate(procedure.steps):
        yield step.role, ("steps", index, "role")


def _everywhere(catalogue: Catalogue, procedure: Procedure, on: date) -> Iterator[dict[str, str]]:
    """Sample places that together contain each existing ward, and each project where one is asked for."""
    names = procedure.place_names
    projects = [project for project in catalogue.projects() if not catalogue.has_ended(project.id, on)]
    for ward in catalogue.wards():
        if catalogue.has_ended(ward.code, on):
            continue
        for project in projects if "project" in names else (None,):
            at_ward = {name: ward.code for name in names if name != "project"}
            yield at_ward | ({"project": project.id} if project else {})


def _office_problems(catalogue: Catalogue, loaded: LoadedFolder) -> Iterator[DataProblem]:
    source = loaded.sources["organisation"]
    receiving = {item.receives for item in catalogue.all_versions()}
    codes: dict[str, Office] = {}
    for office in catalogue.offices():
        path = ("roles", office.role)
        for message in _short_name_errors(office):
            yield DataProblem(source.file, source.line((*path, "short")), f"{office.id}.short", message)
        if office.role not in receiving or office.code_is_external:
            continue
        if not office.code_unit:
            yield DataProblem(
                source.file, source.line(path), office.id, "receives, yet has no code_unit; add one"
            )
        elif codes.setdefault(office.code_unit, office) is not office:
            other = codes[office.code_unit].id
            yield DataProblem(source.file, source.line(path), office.id, f"prints the same codes as {other}")


def _short_name_errors(office: Office) -> Iterator[str]:
    if len(office.short) > LONGEST_SHORT_NAME:
        yield f"{office.short!r} has {len(office.short)} characters, at most {LONGEST_SHORT_NAME}; shorten it"
    if gsm7_length(strip_diacritics(office.short)) is None:
        yield f"{office.short!r} cannot be written in a plain text message"


def _text_problems(loaded: LoadedFolder) -> Iterator[DataProblem]:
    limits = loaded.items["messages"]["limits"]
    papers = loaded.sources["vocabulary:papers"]
    for type, paper in loaded.items["vocabulary:papers"]["papers"].items():
        if len(paper["short"]["vi"]) > limits["giay_to"]:
            line = papers.line(("papers", type, "short"))
            yield DataProblem(papers.file, line, f"{type}.short", f"at most {limits['giay_to']} characters")
