-- A step may ask other offices: each question is a task of its own, part of the step that asks.
ALTER TABLE tasks
    ADD COLUMN part_of  text,
    ADD COLUMN question text;
ALTER TABLE tasks
    ADD CONSTRAINT a_question_is_part_of_a_step CHECK ((part_of IS NULL) = (question IS NULL)) NOT VALID;
