-- The whole process: where a dossier stands beyond its state, what is asked of the citizen, and the facts
-- from which its due date is reckoned. A due date is never stored alone: it can be counted again from these.
ALTER TABLE cases
    ADD COLUMN stage             text CHECK (stage IN ('intake', 'processing')),
    ADD COLUMN resume_to         jsonb,
    ADD COLUMN ledger            jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(ledger) = 'array'),
    ADD COLUMN request           jsonb CHECK (request ->> 'kind' IN ('supplement', 'payment')),
    ADD COLUMN stop_asked        jsonb,
    ADD COLUMN second_supplement boolean NOT NULL DEFAULT false;

-- Rows that were there before have none of these columns set, so nothing need be scanned under a lock.
ALTER TABLE cases
    ADD CONSTRAINT stage_while_papers_are_owed
        CHECK ((state = 'supplement_requested') = (stage IS NOT NULL)) NOT VALID,
    ADD CONSTRAINT resume_to_while_a_withdrawal_is_asked
        CHECK ((state = 'withdrawal_requested') = (resume_to IS NOT NULL)) NOT VALID,
    ADD CONSTRAINT nobody_owes_what_was_not_asked
        CHECK (request IS NOT NULL OR state <> 'payment_requested'
               AND (state <> 'supplement_requested' OR stage = 'intake')) NOT VALID,
    ADD CONSTRAINT nothing_is_owed_elsewhere
        CHECK (request IS NULL
               OR state IN ('supplement_requested', 'payment_requested', 'withdrawal_requested')) NOT VALID,
    ADD CONSTRAINT a_stop_is_asked_of_open_cases
        CHECK (stop_asked IS NULL
               OR state IN ('in_process', 'supplement_requested', 'payment_requested')) NOT VALID;

-- A dossier may be withdrawn, or stopped, before it was ever accepted.
-- squawk-ignore ban-drop-constraint
ALTER TABLE cases DROP CONSTRAINT cases_check;
ALTER TABLE cases
    ADD CONSTRAINT work_begins_with_acceptance
        CHECK (accepted_at IS NOT NULL
               OR state IN ('draft', 'submitted', 'refused', 'stopped')
               OR coalesce(stage = 'intake', false)
               OR coalesce(resume_to ->> 'state' = 'submitted', false)
               OR coalesce(resume_to ->> 'stage' = 'intake', false)) NOT VALID;
