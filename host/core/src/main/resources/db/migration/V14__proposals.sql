-- Scripts that programs handed in for a person to look at. What was handed in never changes, and is no automation
-- before a person takes it.
CREATE TABLE proposal (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    automation_id TEXT NOT NULL,
    proposed_by TEXT NOT NULL,
    proposed_at INTEGER NOT NULL,
    language TEXT NOT NULL,
    script TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    -- How its tests went, away from the person's own files.
    rehearsal_json TEXT NOT NULL,
    state TEXT NOT NULL,
    decided_at INTEGER,
    -- The version that it became; null unless it was taken.
    version INTEGER
);

CREATE INDEX proposal_state ON proposal (state, number);
