package dev.understudy.sandbox.control;

import java.time.Duration;

/** How a sandbox run ended. Every run ends in exactly one of these; only bugs throw. */
public sealed interface RunOutcome {

    /** The script returned; its changes stand if the run was to commit. */
    record Succeeded(String resultJson) implements RunOutcome {}

    /**
     * The script threw, returned {@code success: false}, tried what its level forbids, or its changes could not be
     * committed. Nothing was changed.
     *
     * @param error one line for people
     * @param detail the script's own stack or more lines; may be empty
     * @param cause whether it lies in the script
     */
    record Failed(String error, String detail, Cause cause) implements RunOutcome {
        /** A failure of the script, or of what it needs. */
        public Failed(String error, String detail) {
            this(error, detail, Cause.SCRIPT);
        }

        /** What failed. */
        public enum Cause {
            SCRIPT,
            /** The jail does not have what a program wanted; outside of it the program may well succeed. */
            NOT_GRANTED,
            /** What the script had read or wanted to write was changed by somebody else meanwhile: another try may succeed. */
            CONFLICT,
            /** The process that ran it was gone before it had an answer; nothing was committed: another try may succeed. */
            HOST
        }
    }

    /** Never started: this machine or this level does not give what was asked; {@code mend} says what would. */
    record Refused(String reason, String mend) implements RunOutcome {}

    /** Ended by the person or the program that asked for it. */
    record Cancelled() implements RunOutcome {}

    /** A limit ended the run; says what was allowed and what had been used when it was stopped. */
    sealed interface LimitExceeded extends RunOutcome {
        record WallTime(Duration limit, Duration used) implements LimitExceeded {}

        record CpuTime(Duration limit, Duration used) implements LimitExceeded {}

        record Memory(long limitBytes, long usedBytes) implements LimitExceeded {}

        record Processes(int limit, int used) implements LimitExceeded {}

        record Output(long limitBytes, long usedBytes) implements LimitExceeded {}

        record Disk(long limitBytes, long usedBytes) implements LimitExceeded {}

        record OpenFiles(int limit, int used) implements LimitExceeded {}
    }
}
