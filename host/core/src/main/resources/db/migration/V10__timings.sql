-- Summaries become small enough to add up a month of them at once. They cannot be made of the old ones in SQL, and no version
-- was released that wrote those; what they counted is imported again.
DROP TABLE duration_summary;
DELETE FROM metric;
DELETE FROM execution;

-- What is timed: a process (scope 'metric'), a workflow (scope 'workflow', part '') or one of its steps.
CREATE TABLE timing (
    id INTEGER PRIMARY KEY,
    scope TEXT NOT NULL,
    subject TEXT NOT NULL,
    part TEXT NOT NULL,
    UNIQUE (scope, subject, part)
) STRICT;

-- Durations by the hour, and by the day once they are old: of metrics that are no longer kept, and of every execution that ever
-- came. Hours since 1970.
CREATE TABLE duration_summary (
    timing INTEGER NOT NULL REFERENCES timing (id),
    from_hour INTEGER NOT NULL,
    hours INTEGER NOT NULL,
    summary BLOB NOT NULL,
    PRIMARY KEY (timing, from_hour)
) STRICT, WITHOUT ROWID;
CREATE INDEX duration_summary_hourly ON duration_summary (from_hour) WHERE hours = 1;

-- What has been recorded, so that nothing counts twice: by time (microseconds since 1970) and a hash of its id. The generation
-- before the last but one is forgotten.
CREATE TABLE recorded (
    generation INTEGER NOT NULL,
    at INTEGER NOT NULL,
    hash INTEGER NOT NULL,
    PRIMARY KEY (generation, at, hash)
) STRICT, WITHOUT ROWID;

-- How many rows there are, since counting them takes longer than adding one.
CREATE TABLE performance_state (
    metrics INTEGER NOT NULL,
    executions INTEGER NOT NULL,
    generation INTEGER NOT NULL,
    in_generation INTEGER NOT NULL
) STRICT;
INSERT INTO performance_state VALUES (0, 0, 1, 0);

-- What a step used; 0 where the runtime cannot tell.
ALTER TABLE workflow_step ADD COLUMN cpu_micros INTEGER NOT NULL DEFAULT 0;
ALTER TABLE workflow_step ADD COLUMN peak_memory_bytes INTEGER NOT NULL DEFAULT 0;

-- By which factor the rule's expectation had been corrected when its advice was accepted.
ALTER TABLE accepted_recommendation ADD COLUMN calibration REAL NOT NULL DEFAULT 1;
