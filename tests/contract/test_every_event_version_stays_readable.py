"""An event is a promise: what was published once is read for ever, by today's code."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from shared.events import agency, registry, topics
from shared.events.agency_replies import parse_reply
from shared.events.envelope import COMMON_NAMES, data_document
from shared.events.reading import decode_headers, parse_event
from tests.contract.sample_files import Sample, all_samples, digests_on_disk, digests_promised

SAMPLES = all_samples()
OLD_SAMPLES = [sample for sample in SAMPLES if sample.is_old]
OURS = [sample for sample in SAMPLES if sample.topic in registry.TYPES]
TO_PARTIES = [sample for sample in SAMPLES if sample.type in registry.TO_PARTIES]
FROM_PARTIES = [sample for sample in SAMPLES if re.fullmatch(topics.REPLIES_PATTERN, sample.topic)]


def by_name(sample: Sample) -> str:
    return sample.name


def published_types() -> set[str]:
    own = {type_ for types in registry.TYPES.values() for type_ in types}
    return own | set(registry.TO_PARTIES) | set(agency.REPLY_TYPES)


@pytest.mark.parametrize("sample", OURS, ids=by_name)
def test_an_event_on_our_own_topics_is_read_today(sample: Sample) -> None:
    event = registry.decode(sample.topic, sample.key.encode(), sample.raw_value(), sample.raw_headers())

    assert (event.type, event.key, str(event.id)) == (sample.type, sample.key, sample.headers["ce_id"])
    assert event.seq == int(sample.headers["ce_seq" if sample.is_old else "ce_sequence"])
    assert event.traceparent == sample.headers["ce_traceparent" if sample.is_old else "traceparent"]


@pytest.mark.parametrize("sample", TO_PARTIES, ids=by_name)
def test_what_a_party_receives_is_what_our_own_model_writes(sample: Sample) -> None:
    event = parse_event(
        key=sample.key.encode(),
        value=sample.raw_value(),
        head=decode_headers(sample.raw_headers()),
        model=registry.TO_PARTIES[sample.type],
        source="/routing",
    )

    written = data_document(event.data)
    promised = {name: value for name, value in sample.data.items() if name in written}
    assert written == written | promised, "fields are only ever added"
    beyond = sample.data.keys() - written.keys()
    if sample.is_old:
        assert beyond <= {"procedure"}, "a task said it twice"
    else:
        assert beyond <= COMMON_NAMES


@pytest.mark.parametrize("sample", FROM_PARTIES, ids=by_name)
def test_the_smallest_reply_we_ask_for_is_enough(sample: Sample) -> None:
    said = parse_reply(
        party=topics.party_of(sample.topic),
        key=sample.key.encode(),
        value=sample.raw_value(),
        head=decode_headers(sample.raw_headers()),
    )

    named = agency.OLD_REPLY_TYPES[sample.type] if sample.is_old else sample.type
    assert (said.type, str(said.task_id)) == (named, sample.data["task_id"])
    assert said.is_old_form == sample.is_old


@pytest.mark.parametrize("sample", OURS, ids=by_name)
def test_a_field_added_later_is_ignored_by_today(sample: Sample) -> None:
    newer = replace(sample.with_data(added_later=1), headers=sample.headers | {"ce_future": "1"})

    registry.decode(newer.topic, newer.key.encode(), newer.raw_value(), newer.raw_headers())


def test_every_type_we_publish_or_accept_has_its_sample() -> None:
    assert {sample.type for sample in SAMPLES if not sample.is_old} == published_types()


def test_every_type_that_was_published_before_has_the_sample_of_then() -> None:
    assert len(OLD_SAMPLES) == 54
    assert {sample.type for sample in OLD_SAMPLES} == published_types() - {agency.SUBQUERY_ASKED}


def test_a_sample_lies_in_a_file_named_after_its_type() -> None:
    assert [sample.name for sample in SAMPLES] == [sample.ce_type for sample in SAMPLES]


def test_no_sample_was_ever_edited() -> None:
    changed = {name for name, digest in digests_promised().items() if digests_on_disk().get(name) != digest}

    assert not changed, f"published samples are never edited or removed, publish a v2 beside them: {changed}"


def test_a_new_sample_is_written_into_the_list_of_digests() -> None:
    assert set(digests_on_disk()) == set(digests_promised()), "add its line: sha256sum NAME >> samples.sha256"
