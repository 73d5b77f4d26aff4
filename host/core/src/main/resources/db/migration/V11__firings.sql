-- How often a firing's run began: one that a crash cut short before it changed anything begins once more.
ALTER TABLE trigger_firing ADD COLUMN begun INTEGER NOT NULL DEFAULT 0;
