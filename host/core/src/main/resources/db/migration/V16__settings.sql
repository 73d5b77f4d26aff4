-- What a step read and wrote; null where nobody counted.
ALTER TABLE workflow_step ADD COLUMN io_bytes INTEGER;

-- Changes of the configuration file that advice has made, with what it said before and after.
CREATE TABLE configuration_change (
    version INTEGER PRIMARY KEY,
    recommendation_id TEXT NOT NULL,
    file TEXT NOT NULL,
    -- Null if there was no file.
    text_before TEXT,
    text_after TEXT NOT NULL,
    -- One line for each setting, for people.
    changes_json TEXT NOT NULL,
    changed_at INTEGER NOT NULL,
    undone_at INTEGER
) STRICT;

-- When advice that was followed was taken back; null while it holds.
ALTER TABLE accepted_recommendation ADD COLUMN ended_at INTEGER;
