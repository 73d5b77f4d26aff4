-- The latest tasks, secrets removed. Rows of one instant are in the order of their rowid.
CREATE TABLE tasks (
    id              TEXT PRIMARY KEY NOT NULL,
    type            TEXT NOT NULL,
    description     TEXT NOT NULL,
    parameters      TEXT NOT NULL,
    started_second  INTEGER NOT NULL,
    started_nano    INTEGER NOT NULL,
    duration_second INTEGER NOT NULL,
    duration_nano   INTEGER NOT NULL,
    success         INTEGER NOT NULL
);

CREATE INDEX tasks_by_start ON tasks (started_second, started_nano);
