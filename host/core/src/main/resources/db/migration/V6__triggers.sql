-- What started an automation, once for each cause: a row is here before its run begins.
CREATE TABLE trigger_firing (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    automation_id TEXT NOT NULL,
    -- What must start the automation once only: a cron instant, a state of a file, a task, a request.
    cause TEXT NOT NULL,
    parameters TEXT NOT NULL,
    -- waiting, running, or how it ended.
    state TEXT NOT NULL,
    note TEXT NOT NULL,
    run_id TEXT NOT NULL,
    fired_at INTEGER NOT NULL,
    began_at INTEGER,
    ended_at INTEGER,
    UNIQUE (automation_id, cause)
) STRICT;

CREATE INDEX trigger_firing_by_state ON trigger_firing (state);

-- How far a trigger has been looked after, so that what was missed is known after a crash.
CREATE TABLE trigger_progress (
    automation_id TEXT NOT NULL,
    trigger_key TEXT NOT NULL,
    handled_until INTEGER NOT NULL,
    PRIMARY KEY (automation_id, trigger_key)
) STRICT;

-- The files that a path trigger has seen, and in which state.
CREATE TABLE trigger_file (
    automation_id TEXT NOT NULL,
    trigger_key TEXT NOT NULL,
    path TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    PRIMARY KEY (automation_id, trigger_key, path)
) STRICT;
