-- The latest results of test cases, in the order in which they ended.
CREATE TABLE test_result (
    number INTEGER PRIMARY KEY,
    suite TEXT NOT NULL,
    name TEXT NOT NULL,
    verdict TEXT NOT NULL,
    message TEXT NOT NULL,
    run_id TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    duration_millis INTEGER NOT NULL
) STRICT;
