-- The latest metrics as they came; times in microseconds since 1970.
CREATE TABLE metric (
    id TEXT PRIMARY KEY,
    process TEXT NOT NULL,
    at INTEGER NOT NULL,
    duration_nanos INTEGER NOT NULL,
    cpu REAL NOT NULL,
    memory REAL NOT NULL,
    success INTEGER NOT NULL
) STRICT;
CREATE INDEX metric_at ON metric (at);
CREATE INDEX metric_process ON metric (process, at);

-- The latest executions as they came.
CREATE TABLE execution (
    id TEXT PRIMARY KEY,
    workflow TEXT NOT NULL,
    started INTEGER NOT NULL,
    ended INTEGER NOT NULL,
    state TEXT NOT NULL,
    steps TEXT NOT NULL
) STRICT;
CREATE INDEX execution_started ON execution (started);
CREATE INDEX execution_workflow ON execution (workflow, started);

-- Durations by the hour: of metrics that are no longer kept (scope 'metric'), and of every execution (scope 'workflow', with
-- the whole under the empty name) that ever came.
CREATE TABLE duration_summary (
    scope TEXT NOT NULL,
    subject TEXT NOT NULL,
    part TEXT NOT NULL,
    hour INTEGER NOT NULL,
    summary BLOB NOT NULL,
    PRIMARY KEY (scope, subject, part, hour)
) STRICT, WITHOUT ROWID;

-- Advice that a person said they followed.
CREATE TABLE accepted_recommendation (
    id TEXT PRIMARY KEY,
    workflow TEXT NOT NULL,
    rule TEXT NOT NULL,
    objective TEXT NOT NULL,
    description TEXT NOT NULL,
    expected REAL NOT NULL,
    expected_low REAL NOT NULL,
    expected_high REAL NOT NULL,
    accepted_at INTEGER NOT NULL
) STRICT;
