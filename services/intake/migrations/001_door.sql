-- What came through the door. A dossier's own row names nobody; who it is about lies sealed beside it.
CREATE TYPE dossier_state AS ENUM ('draft', 'submitted', 'accepted', 'refused');

CREATE TABLE dossiers (
    id               uuid PRIMARY KEY,
    root_id          uuid NOT NULL,
    code             text NOT NULL UNIQUE,
    state            dossier_state NOT NULL,
    procedure        text NOT NULL,
    version          integer NOT NULL,
    channel          text NOT NULL,
    subject_ref      uuid NOT NULL UNIQUE,
    person_ref       bytea NOT NULL,          -- HMAC of the identity number: finds all of one person, tells nobody who
    link_ref         text NOT NULL UNIQUE CHECK (length(link_ref) = 8),
    secret_mac       bytea NOT NULL CHECK (length(secret_mac) = 32),
    place            jsonb NOT NULL,
    routing_facts    jsonb NOT NULL,
    papers           jsonb NOT NULL,
    wanted           jsonb NOT NULL,
    delivery         text NOT NULL,
    filed_by         text NOT NULL,
    receiving_office text NOT NULL,
    competent_office text NOT NULL,
    submitted_at     timestamptz NOT NULL,
    answer_by        timestamptz NOT NULL,
    auto_accepted    boolean NOT NULL,
    accepted_at      timestamptz,
    promised_due_at  timestamptz,
    explanation      jsonb NOT NULL DEFAULT '[]',
    refused_at       timestamptz,
    refused_reason   text,
    refused_rule     text,
    CHECK ((state = 'accepted') = (accepted_at IS NOT NULL)),
    CHECK ((state = 'refused') = (refused_at IS NOT NULL)),
    CHECK ((state = 'refused') = (refused_reason IS NOT NULL)),
    CHECK (promised_due_at IS NULL OR accepted_at IS NOT NULL)
) WITH (fillfactor = 85);
CREATE INDEX dossiers_waiting ON dossiers (receiving_office, submitted_at, id) WHERE state = 'submitted';
CREATE INDEX dossiers_decided ON dossiers (receiving_office, accepted_at) WHERE state = 'accepted';
CREATE INDEX dossiers_of_person ON dossiers (person_ref);

-- Sealed under the subject's data key (AES-256-GCM, bound to table, column and subject).
CREATE TABLE dossier_seals (
    subject_ref  uuid PRIMARY KEY REFERENCES dossiers (subject_ref),
    applicant    bytea NOT NULL,
    contact      bytea NOT NULL,
    facts        bytea NOT NULL,
    files        bytea NOT NULL,
    visit        bytea NOT NULL,
    secret       bytea NOT NULL,
    refusal_text bytea
);

-- One row a submission key: the same key and body is the same dossier, however often it is sent.
CREATE TABLE submissions (
    key        uuid PRIMARY KEY,
    body_mac   bytea NOT NULL CHECK (length(body_mac) = 32),
    dossier_id uuid NOT NULL UNIQUE REFERENCES dossiers (id) DEFERRABLE INITIALLY DEFERRED
);

-- The last serial given out, a unit and a day of the city's calendar.
CREATE TABLE code_serials (
    unit text NOT NULL,
    day  date NOT NULL,
    last integer NOT NULL CHECK (last > 0),
    PRIMARY KEY (unit, day)
) WITH (fillfactor = 50);
