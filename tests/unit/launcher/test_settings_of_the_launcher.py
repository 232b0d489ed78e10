"""Settings that the launcher cannot use, and what it says of an error not written for people."""

import pytest

from deploy.local.launching import assemble, launcher
from deploy.local.launching.processes import WrongSettingError
from deploy.local.servers.kafka_jars import JarFailed

NAMES = ("postgres", "provision", "intake")


@pytest.mark.parametrize("value", ["3", "two", "-1", " 1"])
def test_a_number_of_routings_that_there_is_not(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOTCUA_ROUTINGS", value)
    with pytest.raises(WrongSettingError, match="it is 1 or 2"):
        assemble.count_of_routings()


def test_a_row_to_leave_out_that_there_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOTCUA_WITHOUT", "intake, intak")
    with pytest.raises(
        WrongSettingError, match="MOTCUA_WITHOUT names intak; the rows are: postgres, provision"
    ):
        assemble.excluded_rows(NAMES)

    monkeypatch.setenv("MOTCUA_WITHOUT", "intake, kafka,")
    assert assemble.excluded_rows(NAMES) == {"intake", "kafka"}


def test_a_bare_error_becomes_a_sentence_that_says_where_to_look() -> None:
    assert launcher.sentence_of(JarFailed("Kafka's jar x could not be fetched")) == (
        "Kafka's jar x could not be fetched"
    )
    assert launcher.sentence_of(AssertionError()) == (
        "the launcher failed (AssertionError); ./motcua doctor says what is missing, and the log says where"
    )
