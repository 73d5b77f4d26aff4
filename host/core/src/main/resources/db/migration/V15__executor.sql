-- Of automations that have failed: how often in a row, by the names of their runs, and since when none is started.
CREATE TABLE circuit_breaker (
    automation_id TEXT PRIMARY KEY,
    failures_json TEXT NOT NULL,
    opened_at INTEGER
);

-- What a pure step of a workflow gave the last time, and a digest of what it was given.
CREATE TABLE step_result (
    workflow TEXT NOT NULL,
    name TEXT NOT NULL,
    given_sha256 TEXT NOT NULL,
    result_json TEXT NOT NULL,
    PRIMARY KEY (workflow, name)
);
