"""All topics with owner, partitions and retention. The number of partitions never changes."""

from dataclasses import dataclass
from datetime import timedelta

SOURCES = {"intake": "/intake", "routing": "/routing", "notification": "/notification"}


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic's settings. `retention` None: for ever."""

    name: str
    owner: str
    partitions: int
    retention: timedelta | None
    compacted: bool = False


MONTH = timedelta(days=30)

DOSSIER_EVENTS = Topic("dossier.events", "intake", 8, MONTH)
CASE_UPDATES = Topic("case.updates", "routing", 8, MONTH)
CITIZEN_CONTACTS = Topic("citizen.contacts", "intake", 8, None, compacted=True)
NOTICE_REQUESTS = Topic("notice.requests", "intake", 4, MONTH)
NOTIFICATION_RESULTS = Topic("notification.results", "notification", 8, MONTH)
PROJECT_EVENTS = Topic("project.events", "routing", 2, MONTH)
CATALOGUE_VERSIONS = Topic("catalogue.versions", "routing", 1, None, compacted=True)
AUDIT_ROOTS = Topic("audit.roots", "intake", 1, None)

SERVICE_TOPICS = (
    DOSSIER_EVENTS,
    CASE_UPDATES,
    CITIZEN_CONTACTS,
    NOTICE_REQUESTS,
    NOTIFICATION_RESULTS,
    PROJECT_EVENTS,
    CATALOGUE_VERSIONS,
    AUDIT_ROOTS,
)

REPLIES_TEMPLATE = "agency.{party}.replies"
REPLIES_PATTERN = r"agency\.[a-z0-9-]+\.replies"


def tasks_topic(party: str) -> Topic:
    """The topic of tasks for this party's offices."""
    return Topic(f"agency.{party}.tasks", "routing", 3, MONTH)


def replies_topic(party: str) -> Topic:
    """The topic of this party's replies. The topic identifies the sender."""
    return Topic(f"agency.{party}.replies", f"party/{party}", 3, MONTH)


def problems_topic(party: str) -> Topic:
    """The topic of this party's rejected replies."""
    return Topic(f"agency.{party}.problems", "routing", 1, MONTH)


def party_topics(party: str) -> tuple[Topic, Topic, Topic]:
    """The three topics of one party."""
    return tasks_topic(party), replies_topic(party), problems_topic(party)


def party_of(topic: str) -> str:
    """The party named in an `agency.<party>.…` topic; ValueError for any other topic."""
    parts = topic.split(".")
    if len(parts) != 3 or parts[0] != "agency":
        raise ValueError(f"not a party's topic: {topic}")
    return parts[1]
