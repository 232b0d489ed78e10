-- What a citizen is waited for has a clock of its own: reminders to the citizen, and its end to the office.
SET LOCAL lock_timeout = '5s';
-- squawk-ignore ban-drop-constraint
ALTER TABLE deadlines DROP CONSTRAINT deadlines_scope_check;
ALTER TABLE deadlines ADD CONSTRAINT deadlines_scope_check
    CHECK (scope IN ('dossier', 'task', 'request')) NOT VALID;
-- squawk-ignore ban-drop-constraint
ALTER TABLE deadlines_fired DROP CONSTRAINT deadlines_fired_scope_check;
ALTER TABLE deadlines_fired ADD CONSTRAINT deadlines_fired_scope_check
    CHECK (scope IN ('dossier', 'task', 'request')) NOT VALID;
-- squawk-ignore ban-drop-constraint
ALTER TABLE deadlines_fired DROP CONSTRAINT deadlines_fired_told_check;
ALTER TABLE deadlines_fired ADD CONSTRAINT deadlines_fired_told_check
    CHECK (told IN ('citizen', 'holder', 'operator', 'head', 'city')) NOT VALID;
-- Requests open before this: the first sweep looks at each case once and finds its next instant.
INSERT INTO deadlines (about, root_id, scope, level, at)
SELECT gen_random_uuid(), root_id, 'request', 'breach', submitted_at FROM cases
 WHERE request IS NOT NULL AND state IN ('supplement_requested', 'payment_requested');
