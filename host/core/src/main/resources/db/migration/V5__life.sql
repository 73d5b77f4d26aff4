-- The mean recorded duration of the tasks that an automation stands for; null where none was recorded.
ALTER TABLE automation ADD COLUMN task_millis INTEGER;

-- What made a version: a template, or a person.
ALTER TABLE automation_version ADD COLUMN author TEXT NOT NULL DEFAULT 'template';
-- When it was last approved, by a person or by the rule that a person switched on.
ALTER TABLE automation_version ADD COLUMN approved_at INTEGER;
-- Set while it counts as bad: it was rolled back, and not approved since.
ALTER TABLE automation_version ADD COLUMN rolled_back_at INTEGER;
-- Over all its runs, those that are not remembered any more included; times are those of runs that succeeded.
ALTER TABLE automation_version ADD COLUMN runs INTEGER NOT NULL DEFAULT 0;
ALTER TABLE automation_version ADD COLUMN failures INTEGER NOT NULL DEFAULT 0;
ALTER TABLE automation_version ADD COLUMN good_millis INTEGER NOT NULL DEFAULT 0;
ALTER TABLE automation_version ADD COLUMN saved_millis INTEGER;
-- The same since it was last deployed: what its success rate is watched over.
ALTER TABLE automation_version ADD COLUMN watched_runs INTEGER NOT NULL DEFAULT 0;
ALTER TABLE automation_version ADD COLUMN watched_failures INTEGER NOT NULL DEFAULT 0;

ALTER TABLE automation_run ADD COLUMN experiment_id INTEGER;
ALTER TABLE automation_run ADD COLUMN saved_millis INTEGER;
ALTER TABLE automation_run ADD COLUMN undone_at INTEGER;

UPDATE automation_version SET approved_at = created_at
WHERE EXISTS (SELECT 1 FROM automation a WHERE a.id = automation_id AND a.deployed_version = version);
UPDATE automation_version SET
    runs = (SELECT count(*) FROM automation_run r
        WHERE r.automation_id = automation_version.automation_id AND r.version = automation_version.version),
    failures = (SELECT count(*) FROM automation_run r
        WHERE r.automation_id = automation_version.automation_id AND r.version = automation_version.version
            AND r.outcome <> 'succeeded'),
    good_millis = (SELECT coalesce(sum(duration_millis), 0) FROM automation_run r
        WHERE r.automation_id = automation_version.automation_id AND r.version = automation_version.version
            AND r.outcome = 'succeeded');

-- Runs and undos under way, and those whose host ended before they did: it holds a file locked as long as they last.
CREATE TABLE open_run (
    run_id TEXT PRIMARY KEY,
    automation_id TEXT NOT NULL,
    version INTEGER,
    experiment_id INTEGER,
    started_at INTEGER NOT NULL
) STRICT;

-- Two versions on alternate runs.
CREATE TABLE experiment (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    automation_id TEXT NOT NULL REFERENCES automation (id),
    version_a INTEGER NOT NULL,
    version_b INTEGER NOT NULL,
    runs_each INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    ended_at INTEGER,
    verdict TEXT,
    reason TEXT
) STRICT;
CREATE UNIQUE INDEX experiment_under_way ON experiment (automation_id) WHERE ended_at IS NULL;

-- What happened without a person, and that the person has not been told yet.
CREATE TABLE notice (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    automation_id TEXT NOT NULL,
    text TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE audit_entry (
    number INTEGER PRIMARY KEY,
    -- A JSON object, keys sorted; the hash is of exactly this text.
    entry TEXT NOT NULL,
    hash TEXT NOT NULL,
    automation_id TEXT GENERATED ALWAYS AS (entry ->> '$.automation') VIRTUAL
) STRICT;
CREATE INDEX audit_entry_by_automation ON audit_entry (automation_id, number);
CREATE TRIGGER audit_entry_is_never_changed BEFORE UPDATE ON audit_entry
BEGIN
    SELECT RAISE(ABORT, 'the audit log is append-only');
END;
CREATE TRIGGER audit_entry_is_never_removed BEFORE DELETE ON audit_entry
BEGIN
    SELECT RAISE(ABORT, 'the audit log is append-only');
END;
