-- Signs that an office uses the clock against the citizen, each kept as it happens: the due date a pause came
-- just before is gone from the case a moment later.
CREATE TABLE unfair_signs (
    n            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    root_id      uuid NOT NULL REFERENCES cases,
    task_id      uuid NOT NULL REFERENCES tasks,
    sign         text NOT NULL CHECK (sign IN ('last_moment', 'repeated', 'bare_return')),
    at           timestamptz NOT NULL,
    office       text NOT NULL,
    office_short text NOT NULL,
    due_at       timestamptz,
    nth          integer,
    CHECK ((sign = 'last_moment') = (due_at IS NOT NULL)),
    CHECK ((sign = 'repeated') = (nth IS NOT NULL))
);
CREATE INDEX unfair_signs_since ON unfair_signs (at);
CREATE INDEX unfair_signs_of_office ON unfair_signs (office, at);
