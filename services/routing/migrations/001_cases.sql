-- Routing's own: the case of each dossier, its tasks (the plan is its tasks), and what happened, in order.

CREATE TABLE cases (
    root_id          uuid PRIMARY KEY,
    code             text NOT NULL UNIQUE,
    kind             text NOT NULL CHECK (kind IN
                     ('statutory', 'question', 'visit', 'problem', 'letter', 'follow_up')),
    state            text NOT NULL CHECK (state IN
                     ('draft', 'submitted', 'accepted', 'refused', 'in_process', 'supplement_requested',
                      'payment_requested', 'withdrawal_requested', 'stopped', 'completed', 'returned')),
    procedure        text NOT NULL,
    version          integer NOT NULL,
    channel          text NOT NULL,
    subject_ref      uuid NOT NULL,
    link_ref         text NOT NULL,
    place            jsonb NOT NULL,
    facts            jsonb NOT NULL,
    delivery         text NOT NULL,
    filed_by         text NOT NULL,
    receiving_office text NOT NULL,
    receiving_short  text NOT NULL,
    auto_accept      boolean NOT NULL,
    submitted_at     timestamptz NOT NULL,
    accepted_at      timestamptz,
    promised_due_at  timestamptz,
    current_due_at   timestamptz,
    explanation      jsonb NOT NULL,
    completed_at     timestamptz,
    outcome          text,
    refused_reason   text,
    refused_rule     text,
    CHECK (state IN ('draft', 'submitted', 'refused') OR accepted_at IS NOT NULL),
    CHECK ((state = 'refused') = (refused_reason IS NOT NULL)),
    CHECK ((state IN ('completed', 'returned')) = (outcome IS NOT NULL))
) WITH (fillfactor = 80);
CREATE INDEX cases_open ON cases (submitted_at, root_id)
    WHERE state NOT IN ('refused', 'stopped', 'completed', 'returned');

CREATE TABLE tasks (
    task_id      uuid PRIMARY KEY,
    root_id      uuid NOT NULL REFERENCES cases,
    n            integer NOT NULL,
    step         text NOT NULL,
    role         text NOT NULL,
    title_vi     text NOT NULL,
    title_en     text NOT NULL,
    office       text NOT NULL,
    office_short text NOT NULL,
    after        text[] NOT NULL,
    unit         text NOT NULL,
    amount       double precision NOT NULL CHECK (amount > 0),
    excluded     boolean NOT NULL,
    state        text NOT NULL CHECK (state IN
                 ('waiting', 'queued', 'started', 'declined', 'done', 'closed')),
    desk         text NOT NULL,
    party        text,
    to_topic     boolean NOT NULL,
    due_at       timestamptz NOT NULL,
    queued_at    timestamptz,
    started_at   timestamptz,
    done_at      timestamptz,
    outcome      text,
    reason       text,
    moved_to     text,
    CHECK (state NOT IN ('queued', 'started', 'declined') OR (queued_at IS NOT NULL AND party IS NOT NULL)),
    CHECK ((state = 'done') = (done_at IS NOT NULL)),
    CHECK (moved_to IS NULL OR state = 'closed')
) WITH (fillfactor = 70);
-- One step of one dossier is never in two places at once.
CREATE UNIQUE INDEX tasks_one_a_step ON tasks (root_id, step) WHERE state <> 'closed';
CREATE INDEX tasks_of_case ON tasks (root_id, n);
CREATE INDEX tasks_on_desk ON tasks (desk, due_at, task_id) WHERE state IN ('queued', 'started', 'declined');
CREATE INDEX tasks_of_party ON tasks (party, due_at, task_id) WHERE state IN ('queued', 'started', 'declined');
CREATE INDEX tasks_by_due ON tasks (due_at) WHERE state IN ('queued', 'started', 'declined');

CREATE TABLE case_history (
    root_id    uuid NOT NULL REFERENCES cases,
    n          bigint GENERATED ALWAYS AS IDENTITY,
    at         timestamptz NOT NULL,
    type       text NOT NULL,
    because    text NOT NULL,
    because_id text NOT NULL,
    state      text NOT NULL,
    actor      jsonb NOT NULL,
    task_id    uuid,
    step       text,
    office     text,
    reason     text,
    PRIMARY KEY (root_id, n)
);

-- Our own copy of what we published: cases are decided by this, not by a folder of a release.
CREATE TABLE catalogue_items (
    item         text PRIMARY KEY,
    digest       text NOT NULL,
    content      jsonb NOT NULL,
    published_at timestamptz NOT NULL
);
