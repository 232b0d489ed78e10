-- When to look at a clock again: one row a running clock, its next instant only, so that a sweep costs what
-- is due and not what is open. Everything in it follows from the case, whose row is the lock.
CREATE TABLE deadlines (
    about   uuid PRIMARY KEY,
    root_id uuid NOT NULL,
    scope   text NOT NULL CHECK (scope IN ('dossier', 'task')),
    level   text NOT NULL CHECK (level IN
            ('three_quarters', 'one_day', 'two_hours', 'breach', 'head', 'city')),
    at      timestamptz NOT NULL
) WITH (fillfactor = 80);
CREATE INDEX deadlines_due ON deadlines (at);
CREATE INDEX deadlines_of_case ON deadlines (root_id);
ALTER TABLE deadlines SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);

-- What was said, for ever. A deadline is said once, and a breach once whatever date comes after it.
CREATE TABLE deadlines_fired (
    root_id      uuid NOT NULL REFERENCES cases,
    about        uuid NOT NULL,
    scope        text NOT NULL CHECK (scope IN ('dossier', 'task')),
    level        text NOT NULL CHECK (level IN
                 ('three_quarters', 'one_day', 'two_hours', 'breach', 'head', 'city')),
    due_at       timestamptz NOT NULL,
    at           timestamptz NOT NULL,
    fired_at     timestamptz NOT NULL,
    n            integer NOT NULL,
    told         text NOT NULL CHECK (told IN ('holder', 'operator', 'head', 'city')),
    office       text NOT NULL,
    office_short text NOT NULL,
    step         text,
    overtaken    boolean NOT NULL,
    PRIMARY KEY (root_id, about, level, due_at),
    CHECK (fired_at >= at)
);
CREATE UNIQUE INDEX deadlines_one_breach ON deadlines_fired (about) WHERE level = 'breach';

-- Cases that were open before this table: the first sweep looks at each once and finds its next instant.
INSERT INTO deadlines (about, root_id, scope, level, at)
SELECT root_id, root_id, 'dossier', 'breach', submitted_at FROM cases
 WHERE current_due_at IS NOT NULL AND state NOT IN ('refused', 'stopped', 'completed', 'returned')
UNION ALL
SELECT t.task_id, t.root_id, 'task', 'breach', t.queued_at FROM tasks t JOIN cases c USING (root_id)
 WHERE t.state IN ('queued', 'started', 'declined')
   AND c.state NOT IN ('refused', 'stopped', 'completed', 'returned');
