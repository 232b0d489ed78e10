"""What commands say and how they end."""

import sys
from pathlib import Path

import pytest

from deploy.cli import app, exits, instants, screen, trace
from deploy.cli.file import key_for, read_dossiers
from deploy.cli.rising import SLOW_SECONDS, StartProgress, describe
from deploy.local.servers.kafka_jars import read_lock
from deploy.local.servers.urls import url_for
from deploy.local.stack import Stack


@pytest.fixture(autouse=True)
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOTCUA_HOME", str(tmp_path / "state"))
    monkeypatch.setattr(app.signal, "signal", lambda *_: None)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("nonsense", exits.WRONG_USAGE),
        ("up --sideways", exits.WRONG_USAGE),
        ("up --at yesterday", exits.WRONG_USAGE),
        ("held drop routing/1", exits.WRONG_USAGE),
        ("held show first --json", exits.WRONG_USAGE),
        ("dump", exits.WRONG_USAGE),
        ("file no-such-file.jsonl", exits.WRONG_USAGE),
        ("chaos --what moon", exits.WRONG_USAGE),
        ("chaos --routing 3", exits.WRONG_USAGE),
        ("status", exits.NOT_RUNNING),
        ("clock show", exits.NOT_RUNNING),
        ("topics", exits.NOT_RUNNING),
        ("trace H26.X-260306-0001", exits.NOT_RUNNING),
        ("logs intake", exits.NOT_RUNNING),
        ("down", exits.DONE),
        ("--version", exits.DONE),
        ("--help", exits.DONE),
    ],
)
def test_exit_codes(line: str, code: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["motcua", *line.split()])

    assert app.main() == code


@pytest.mark.parametrize("name", [name for _, name, _ in app.COMMANDS] + ["clock", "held", "catalogue"])
def test_every_command_helps_with_an_example(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["motcua", name, "--help"])

    assert app.main() == exits.DONE
    assert f"motcua {name}" in capsys.readouterr().out.partition("Examples:")[2]


def test_status_says_in_one_object_that_nothing_runs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["motcua", "status", "--json"])

    assert app.main() == exits.NOT_RUNNING
    assert capsys.readouterr().out == '{"running": false}\n'


def test_an_instant_without_offset_is_the_citys() -> None:
    assert instants.parse_instant("2026-03-06T09:00:00").isoformat() == "2026-03-06T09:00:00+07:00"
    assert instants.parse_instant("2026-03-06T02:00:00Z").isoformat() == "2026-03-06T02:00:00+00:00"


def test_a_table_has_headings_and_a_line_a_row_where_there_is_no_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    screen.table("Title", ("a", "b"), [("[x]", None), (1, "đã xong")])

    assert capsys.readouterr().out == "Title:\na\tb\n[x]\t\n1\tđã xong\n"


COMING = [
    {"name": "postgres", "phase": "ready", "why": "", "lacks": ""},
    {"name": "kafka", "phase": "starting", "why": "ended with 1", "lacks": ""},
    {"name": "intake", "phase": "starting", "why": "", "lacks": "database: behind Kafka"},
    {"name": "routing", "phase": "waiting", "why": "", "lacks": ""},
]


def test_progress_names_what_is_coming_up_and_what_failed_before() -> None:
    assert describe({"phase": "starting", "processes": COMING}) == (
        "1 of 4 ready; starting kafka (again: ended with 1), intake"
    )


def test_what_a_service_lacks_is_said_once_it_takes_long(capsys: pytest.CaptureFixture[str]) -> None:
    now = [0.0]
    rising = StartProgress(lambda: now[0])
    for now[0] in (1.0, 9.0, 1.0 + SLOW_SECONDS):
        rising.report({"phase": "starting", "processes": COMING})

    assert capsys.readouterr().err.splitlines() == [
        "  1.0 s  1 of 4 ready; starting kafka (again: ended with 1), intake",
        " 16.0 s  1 of 4 ready; starting kafka (again: ended with 1), intake (database: behind Kafka)",
    ]


def test_each_way_of_filing_has_its_key() -> None:
    stack = _stack()

    assert key_for(stack, {"channel": "online"}) is None
    assert key_for(stack, {"channel": "post"}) == "counter.key"
    assert key_for(stack, {"channel": "investor", "place": {"project": "hoa-sua"}}) == "beta.key"


def test_a_line_that_is_no_dossier_is_named(tmp_path: Path) -> None:
    path = tmp_path / "dossiers.jsonl"
    path.write_text('{"submission_id": "019cc0f2-7c00-7a11-8d1e-2f6a90b1c2d3"}\n\n{"procedure": "x"}\n')

    with pytest.raises(exits.UsageError, match="line 3"):
        read_dossiers(path)


def test_a_trace_is_in_the_order_it_happened_and_in_the_citys_time() -> None:
    said = {
        "intake": {"submitted_at": "2026-03-06T09:00:00+07:00", "procedure": "marriage", "channel": "online"},
        "routing": {
            "history": [
                {"at": "2026-03-06T02:00:00Z", "type": "case.opened.v1", "actor": {"kind": "citizen"}}
            ],
            "tasks": [{"step": "check", "office": "HPOL", "done_at": "2026-03-06T11:00:00+07:00"}],
        },
        "notification": [{"template": "submitted", "state": "sent", "sent_at": "2026-03-06T02:00:01Z"}],
    }

    assert [(line.at[11:19], line.service, line.what) for line in trace.timeline(said)] == [
        ("09:00:00", "intake", "handed in"),
        ("09:00:00", "routing", "case.opened.v1"),
        ("09:00:01", "notification", "message submitted: sent"),
        ("11:00:00", "routing", "task ended: check"),
    ]


def test_a_role_gets_its_own_address_on_the_same_server() -> None:
    admin = "postgresql://postgres:secret@127.0.0.1:5432/postgres"

    assert url_for(admin, "city") == "postgresql://postgres:secret@127.0.0.1:5432/city"
    assert url_for(admin, "city", "intake", "a/b@c") == "postgresql://intake:a%2Fb%40c@127.0.0.1:5432/city"


def test_kafkas_lock_names_every_jar_with_its_hash() -> None:
    jars = read_lock()

    assert len(jars) == 46
    assert all(len(jar.sha256) == 64 for jar in jars)
    assert {jar.version for jar in jars if jar.group == "org.apache.kafka"} == {"4.3.0"}


def _stack() -> Stack:
    return Stack(
        {"intake": "http://i", "routing": "http://r", "notification": "http://n"},
        *("http://s", "k:1", "postgresql://p"),
        counter_api_key="counter.key",
        operator_api_key="operator.key",
        agencies={"investor-beta": "beta.key"},
        oidc_issuer="http://o",
    )


def test_stack_json_reads_back_as_it_was() -> None:
    assert Stack.from_json(_stack().to_json()) == _stack()
