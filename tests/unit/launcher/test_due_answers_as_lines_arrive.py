"""`motcua due` answers what has arrived, whether a file is poured in or somebody types line by line."""

import os
from pathlib import Path

from deploy.cli.due import arriving_lines


def test_a_line_is_there_as_soon_as_it_was_written():
    read, write = os.pipe()
    lines = arriving_lines(read)
    os.write(write, b"one\ntw")
    assert next(lines) == [b"one"]
    os.write(write, b"o\n\nthree")
    assert next(lines) == [b"two", b""]
    os.close(write)
    assert list(lines) == [[b"three"]]
    os.close(read)


def test_a_line_longer_than_a_pipe_holds_stays_one_line(tmp_path: Path):
    file = tmp_path / "ledgers.jsonl"
    file.write_bytes(b"a" * 200_000 + b"\nb\n")
    source = os.open(file, os.O_RDONLY)
    assert [len(line) for lines in arriving_lines(source) for line in lines] == [200_000, 1]
    os.close(source)
