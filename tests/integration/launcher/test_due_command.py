"""`motcua due` as it is run: no stack, results in order, an answer to each line as soon as it is written."""

import json
import subprocess
import sys
from collections.abc import Iterator

import pytest

from deploy.local.home import CHECKOUT
from tests.builders.ledgers import clock_answer, ledger
from tests.clock.random_ledgers import lines

ARGV = [sys.executable, "-P", "-m", "deploy.cli", "due"]
ALONE = {"PYTHONPATH": str(CHECKOUT), "HOME": "/nonexistent", "PATH": "/usr/bin:/bin"}
GOOD = ledger("working_day 8", "2026-02-12 10:00", id="good")


def run(text: bytes) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run(ARGV, input=text, capture_output=True, env=ALONE, timeout=60, check=False)


@pytest.fixture
def talking() -> Iterator["subprocess.Popen[bytes]"]:
    with subprocess.Popen(ARGV, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=ALONE) as process:
        yield process


def test_every_line_gets_its_answer_in_order_and_a_bad_one_stops_nothing():
    text = [line for line in lines(21, 500) if b"\n" not in line]
    ended = run(b"\n".join(text))
    answers = [json.loads(line) for line in ended.stdout.splitlines()]
    assert answers == [clock_answer(line) for line in text]
    assert (ended.returncode, ended.stderr) == (1, b"")


def test_it_ends_with_0_when_every_line_has_its_dates():
    ended = run(json.dumps(GOOD).encode() + b"\n")
    assert (ended.returncode, ended.stdout.count(b"\n")) == (0, 1)


def test_nothing_asked_is_nothing_answered():
    ended = run(b"")
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, b"", b"")


def test_who_writes_one_line_gets_its_answer_before_writing_the_next(talking: "subprocess.Popen[bytes]"):
    assert talking.stdin and talking.stdout
    for name in ("first", "second"):
        talking.stdin.write(json.dumps({**GOOD, "id": name}).encode() + b"\n")
        talking.stdin.flush()
        assert json.loads(talking.stdout.readline())["id"] == name
    talking.stdin.close()
    assert talking.wait(timeout=10) == 0
