-- The one new date of a signed apology has a clock of its own: warnings to its office, its end to head and city.
SET LOCAL lock_timeout = '5s';
-- squawk-ignore ban-drop-constraint
ALTER TABLE deadlines DROP CONSTRAINT deadlines_scope_check;
ALTER TABLE deadlines ADD CONSTRAINT deadlines_scope_check
    CHECK (scope IN ('dossier', 'task', 'request', 'new_date')) NOT VALID;
-- squawk-ignore ban-drop-constraint
ALTER TABLE deadlines_fired DROP CONSTRAINT deadlines_fired_scope_check;
ALTER TABLE deadlines_fired ADD CONSTRAINT deadlines_fired_scope_check
    CHECK (scope IN ('dossier', 'task', 'request', 'new_date')) NOT VALID;
-- Letters signed before this: the first sweep looks at each open case once and finds its next instant.
INSERT INTO deadlines (about, root_id, scope, level, at)
SELECT gen_random_uuid(), root_id, 'new_date', 'breach', submitted_at FROM cases
 WHERE apology ->> 'signed_at' IS NOT NULL AND state NOT IN ('refused', 'stopped', 'completed', 'returned');
