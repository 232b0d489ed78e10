-- A step may be done by a dossier of its own. Root and children are locked, saved and read as one: the children
-- are kept with their root, their tasks beside the root's. `papers`: those filed that may do such a step.
SET LOCAL lock_timeout = '5s';
ALTER TABLE cases
    ADD COLUMN papers   jsonb,
    ADD COLUMN children jsonb;
-- `dossier_id`: the child whose task it is; null for the root's own. `child`: the dossier that does this step.
ALTER TABLE tasks
    ADD COLUMN dossier_id uuid,
    ADD COLUMN child      uuid;
ALTER TABLE case_history ADD COLUMN dossier_id uuid;
-- One step of one dossier is never in two places at once; a child's steps are its own.
DROP INDEX tasks_one_a_step;
CREATE UNIQUE INDEX tasks_one_a_step ON tasks (coalesce(dossier_id, root_id), step) WHERE state <> 'closed';
