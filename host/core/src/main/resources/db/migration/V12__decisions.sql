-- What people decided about what was proposed, and of which pattern: its type and how often it had been seen
-- when it was last found.
ALTER TABLE automation ADD COLUMN task_type TEXT;
ALTER TABLE automation ADD COLUMN occurrences INTEGER;
ALTER TABLE automation ADD COLUMN approved_by_person INTEGER NOT NULL DEFAULT 0;
ALTER TABLE automation ADD COLUMN rejections INTEGER NOT NULL DEFAULT 0;
-- How often it had been seen when it was last rejected.
ALTER TABLE automation ADD COLUMN rejected_occurrences INTEGER;

UPDATE automation SET approved_by_person = 1
WHERE EXISTS (SELECT 1 FROM automation_version v WHERE v.automation_id = automation.id AND v.approved_at IS NOT NULL);

-- Advice that Understudy has applied itself, as the second version of this experiment, which measures it.
ALTER TABLE accepted_recommendation ADD COLUMN experiment_id INTEGER;

-- Bytes that a process read and wrote; null where nobody measured them.
ALTER TABLE metric ADD COLUMN io_bytes REAL;

-- Since when a person has its triggers fire nothing; by hand it runs all the same.
ALTER TABLE automation ADD COLUMN triggers_paused_at INTEGER;
