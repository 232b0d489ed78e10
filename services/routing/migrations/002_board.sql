-- The board reads what happened today from the history. It is only ever appended in order of time,
-- so a block range index costs almost nothing to keep.
CREATE INDEX case_history_at ON case_history USING brin (at) WITH (pages_per_range = 32);
