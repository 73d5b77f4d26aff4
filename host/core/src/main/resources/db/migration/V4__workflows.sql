-- A run of an automation that consists of steps.
CREATE TABLE workflow_run (
    run_id TEXT PRIMARY KEY,
    -- An automation's id, or the trust domain of a script that a person named.
    workflow TEXT NOT NULL,
    script_sha256 TEXT NOT NULL,
    parameters_json TEXT NOT NULL,
    working_directory TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    -- Null while it runs, and for good if the host was killed meanwhile.
    outcome TEXT
) STRICT;

CREATE INDEX workflow_run_by_start ON workflow_run (workflow, started_at);

CREATE TABLE workflow_step (
    workflow_run_id TEXT NOT NULL REFERENCES workflow_run (run_id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    -- Of the step's own run, which names its before-images.
    run_id TEXT NOT NULL,
    outcome TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    error TEXT NOT NULL,
    result_json TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    duration_millis INTEGER NOT NULL,
    PRIMARY KEY (workflow_run_id, name)
) STRICT;
