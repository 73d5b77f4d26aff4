-- Advice on settings of the machine, as it was last given for a kind of work.
CREATE TABLE setting_advice (
    id TEXT PRIMARY KEY,
    workload TEXT NOT NULL,
    -- A JSON array of {target, parameter, from, to}.
    changes TEXT NOT NULL,
    reason TEXT NOT NULL,
    -- A JSON array of lines.
    evidence TEXT NOT NULL,
    apply_command TEXT NOT NULL,
    undo_command TEXT NOT NULL,
    made_at INTEGER NOT NULL
) STRICT;

-- Advice that a person does not want to hear again; outlives the advice itself.
CREATE TABLE silenced_advice (
    id TEXT PRIMARY KEY,
    silenced_at INTEGER NOT NULL
) STRICT;
