"""What must hold whatever died: pure questions to a world, each answered by what contradicts it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator

from deploy.demo.city_day.closing_check.finding import Finding
from deploy.demo.city_day.closing_check.messages import LINK, expected_messages
from services.notification.domain.expiry import NO_LONGER_TRUE
from tests.chaos.kills.world import World

ENDED = frozenset({"completed", "returned", "refused"})
RANKS = {"submitted": 0, "accepted": 1, "refused": 1, "in_process": 2, "completed": 3, "returned": 3}
ENDINGS = frozenset({"task.completed.v1", "task.declined.v1"})
OUT = frozenset({"sent", "delivered"})


def judge(world: World) -> dict[str, Finding]:
    """The findings, by what they count."""
    questions: dict[str, tuple[str, Callable[[World], Iterator[str]]]] = {
        "lost": ("lost: a dossier, an event, a record or a text", lost),
        "doubled": ("doubled in effect: a dossier, an event, a task's end or a change of a case", doubled),
        "disordered": ("out of order: a topic's key, or a case's history", out_of_order),
        "texted_twice": ("texts sent twice, and not flagged ambiguous", texted_twice),
        "overflagged": ("flagged ambiguous without a send that was cut", overflagged),
    }
    found = {name: (line, list(ask(world))) for name, (line, ask) in questions.items()}
    return {name: Finding(f"{len(against)} {line}", against) for name, (line, against) in found.items()}


def lost(world: World) -> Iterator[str]:
    """Every slip ends decided, every number given is on its topic, every record read, all texts out."""
    for one in world.filed:
        case = world.cases.get(one.code)
        if one.code not in world.dossiers:
            yield f"{one.code}: a slip without a dossier"
        elif case is None or case.state not in ENDED:
            yield f"{one.code}: {case.state if case else 'no case'} in the end"
    yield from (f"{schema}: {count} events unsent" for schema, count in world.unsent.items() if count)
    yield from _missing_numbers(world)
    yield from _unread(world)
    yield from _untold(world)


def doubled(world: World) -> Iterator[str]:
    """One dossier a submission, one event a number, one end a task, one line of history an event."""
    keys, codes = len({one.filing.key for one in world.filed}), len(world.dossiers)
    if codes > keys:
        yield f"{codes} dossiers from {keys} submissions"
    ids: dict[tuple[str, str, int], set[str]] = defaultdict(set)
    for topic, key, number, id_ in _numbered(world):
        ids[topic, key, number].add(id_)
    yield from (f"{place}: {len(found)} different events" for place, found in ids.items() if len(found) > 1)
    ends = Counter((line.task_id, line.because) for line in world.history if line.because in ENDINGS)
    yield from (f"task {task}: {type_} took effect {n} times" for (task, type_), n in ends.items() if n > 1)
    lines = Counter(world.history)
    yield from (f"{line.root}: {line.type} stands {n} times" for line, n in lines.items() if n > 1)


def out_of_order(world: World) -> Iterator[str]:
    """A key's numbers are first seen as 1, 2, 3…; a case only goes forward, as it told `case.updates`."""
    top: dict[tuple[str, str], int] = {}
    for topic, key, number, _ in _numbered(world):
        before = top.get((topic, key), 0)
        if number > before + 1:
            yield f"{topic} {key}: {number} came after {before}"
        top[topic, key] = max(before, number)
    rank: dict[str, int] = {}
    for line in world.history:
        now = RANKS[line.state]
        if now < rank.get(line.root, 0):
            yield f"{line.root}: back to {line.state}"
        rank[line.root] = max(now, rank.get(line.root, 0))
    told = _told(world)
    kept: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for line in world.history:
        kept[line.root].append((line.type, line.because_id))
    yield from (f"{root}: told otherwise than it happened" for root in kept if kept[root] != told.get(root))


def texted_twice(world: World) -> Iterator[str]:
    """What arrived, against what is kept: the same words twice, or more than were ever sent."""
    codes = {case.link_ref: code for code, case in world.cases.items()}
    got: Counter[tuple[str, str]] = Counter()
    words: Counter[tuple[str, str, str]] = Counter()
    for message in world.arrived:
        link = LINK.search(message["text"])
        code = codes.get(link[1], "?") if link else "?"
        got[code, message["channel"]] += 1
        words[code, message["channel"], message["text"]] += 1
    sent, unsure = _count(world, OUT), _count(world, {"ambiguous"})
    for (code, channel, _), n in words.items():
        if n - 1 > unsure[code, channel]:
            yield f"{code}: the same {channel} arrived {n} times"
    for (code, channel), n in got.items():
        if n > sent[code, channel] + unsure[code, channel]:
            yield f"{code}: {n} {channel} arrived, {sent[code, channel]} were sent"


def overflagged(world: World) -> Iterator[str]:
    """As many as died while a send waited for its answer, and no more."""
    flagged = sum(text.state == "ambiguous" for text in world.texts)
    yield from (f"flagged beyond the {world.cut_sends} cut" for _ in range(flagged - world.cut_sends))


def _numbered(world: World) -> Iterator[tuple[str, str, int, str]]:
    """Topic, key, number and id of each record of ours, as they stand on their partitions."""
    for record in sorted(world.records, key=lambda record: (record.topic, record.partition, record.offset)):
        if number := record.headers.get("ce_sequence"):
            yield record.topic, record.key.decode(), int(number), record.id


def _missing_numbers(world: World) -> Iterator[str]:
    seen: dict[tuple[str, str], set[int]] = defaultdict(set)
    for topic, key, number, _ in _numbered(world):
        seen[topic, key].add(number)
    for place, last in world.given.items():
        missing = set(range(1, last + 1)) - seen[place]
        if missing:
            yield f"{place}: {sorted(missing)[:5]} of {last} never reached the topic"


def _unread(world: World) -> Iterator[str]:
    ends: dict[tuple[str, int], int] = {}
    for record in world.records:
        place = (record.topic, record.partition)
        ends[place] = max(ends.get(place, 0), record.offset + 1)
    for service, topics in world.reads.items():
        for place, end in ends.items():
            if place[0] in topics and world.consumed.get(service, {}).get(place, 0) < end:
                yield f"{service} has not read {place} to {end}"


def _untold(world: World) -> Iterator[str]:
    """What the citizen must have been told is kept as sent or as ambiguous; what was sent has arrived."""
    kept: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for text in world.texts:
        if text.state in OUT or text.state == "ambiguous":
            kept[text.code].add((text.template.removesuffix("_undated"), text.channel))
        elif text.reason != NO_LONGER_TRUE:  # called back: the citizen had acted while the sender was dead
            yield f"{text.code}: {text.template} by {text.channel} is {text.state}"
    for one in world.filed:
        case = world.cases.get(one.code)
        for event, channel in expected_messages(one, case.state) - kept[one.code] if case else ():
            yield f"{one.code}: {event} by {channel} was never sent"
    codes = {case.link_ref: code for code, case in world.cases.items()}
    got: Counter[tuple[str, str]] = Counter()
    for message in world.arrived:
        if (link := LINK.search(message["text"])) and link[1] in codes:
            got[codes[link[1]], message["channel"]] += 1
    for (code, channel), n in _count(world, OUT).items():
        if got[code, channel] < n:
            yield f"{code}: {n} {channel} sent, {got[code, channel]} arrived"


def _told(world: World) -> dict[str, list[tuple[str, str]]]:
    """What each root told `case.updates`, by its numbers."""
    found: dict[str, dict[int, tuple[str, str]]] = defaultdict(dict)
    for record in world.records:
        if record.topic == "case.updates":
            number = int(record.headers["ce_sequence"])
            found[record.key.decode()][number] = (record.type, record.data["because_id"])
    return {root: [told[number] for number in sorted(told)] for root, told in found.items()}


def _count(world: World, states: frozenset[str] | set[str]) -> Counter[tuple[str, str]]:
    return Counter((text.code, text.channel) for text in world.texts if text.state in states)
