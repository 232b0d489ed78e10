-- A task says of what kind it is: ordinary work of an office, or one with rules of its own.
SET LOCAL lock_timeout = '5s';
ALTER TABLE tasks ADD COLUMN kind text NOT NULL DEFAULT 'step';
UPDATE tasks
   SET kind = CASE WHEN part_of IS NOT NULL THEN 'question'
                   WHEN child IS NOT NULL THEN 'child'
                   WHEN step IN ('receive', 'letter') THEN step
              END
 WHERE part_of IS NOT NULL OR child IS NOT NULL OR step IN ('receive', 'letter');
