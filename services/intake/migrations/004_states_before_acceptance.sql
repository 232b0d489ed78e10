-- What may happen at the door before acceptance. New values can be used once this is committed.
ALTER TYPE dossier_state ADD VALUE IF NOT EXISTS 'supplement_requested' AFTER 'refused';
ALTER TYPE dossier_state ADD VALUE IF NOT EXISTS 'withdrawal_requested' AFTER 'supplement_requested';
ALTER TYPE dossier_state ADD VALUE IF NOT EXISTS 'stopped' AFTER 'withdrawal_requested';
