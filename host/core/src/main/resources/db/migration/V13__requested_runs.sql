-- Runs that a program asked for, each by a key of its own, so that asking again starts nothing a second time.
CREATE TABLE requested_run (
    idempotency_key TEXT PRIMARY KEY,
    -- Of what was asked: another request under the same key is a mistake.
    request_sha256 TEXT NOT NULL,
    run_id TEXT NOT NULL UNIQUE,
    automation_id TEXT NOT NULL,
    requested_at INTEGER NOT NULL,
    -- How it ended, which for one that never began is known here only; null before.
    outcome TEXT,
    result_json TEXT,
    error TEXT
);
