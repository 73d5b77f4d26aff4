package dev.understudy.app;

import dev.understudy.sandbox.control.RunOutcome;

/** The one place that maps what happened to an exit code. */
final class ExitCode {
    static final int DONE = 0;
    static final int FAILED = 1;
    static final int BAD_INPUT = 2;
    static final int LIMIT_EXCEEDED = 3;
    static final int NOT_ALLOWED = 4;
    /** As a shell reports a program that SIGINT ended. */
    static final int INTERRUPTED = 130;

    private ExitCode() {}

    static int of(RunOutcome outcome) {
        return switch (outcome) {
            case RunOutcome.Succeeded _ -> DONE;
            case RunOutcome.Failed _ -> FAILED;
            case RunOutcome.LimitExceeded _ -> LIMIT_EXCEEDED;
            case RunOutcome.Refused _ -> NOT_ALLOWED;
            case RunOutcome.Cancelled _ -> INTERRUPTED;
        };
    }
}
