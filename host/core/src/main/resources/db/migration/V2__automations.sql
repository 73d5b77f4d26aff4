-- An automation's name and life. Its scripts lie as files beside the store, one a version.
CREATE TABLE automation (
    id TEXT PRIMARY KEY,
    state TEXT NOT NULL,
    current_version INTEGER NOT NULL,
    deployed_version INTEGER,
    pattern_id TEXT UNIQUE,
    template TEXT,
    created_at INTEGER NOT NULL,
    deployed_at INTEGER
) STRICT;

CREATE TABLE automation_version (
    automation_id TEXT NOT NULL REFERENCES automation (id),
    version INTEGER NOT NULL,
    file_name TEXT NOT NULL,
    language TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    rehearsed_at INTEGER,
    cases_passed INTEGER,
    cases_total INTEGER,
    evidence_json TEXT,
    PRIMARY KEY (automation_id, version)
) STRICT;

CREATE TABLE automation_run (
    run_id TEXT PRIMARY KEY,
    automation_id TEXT NOT NULL REFERENCES automation (id),
    version INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    duration_millis INTEGER NOT NULL,
    outcome TEXT NOT NULL
) STRICT;

CREATE INDEX automation_run_by_start ON automation_run (automation_id, started_at);
