-- Runs that this host began for a fleet. It outlasts whatever the fleet's server remembers of them.
CREATE TABLE fleet_run (
    record_key TEXT PRIMARY KEY,
    automation_id TEXT NOT NULL,
    run_id TEXT NOT NULL,
    began_at INTEGER NOT NULL,
    -- Its end as the fleet's record has it, as JSON; null before.
    ended TEXT,
    -- Whether the fleet's record says so, too.
    reported INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX fleet_run_unreported ON fleet_run (reported) WHERE reported = 0;
