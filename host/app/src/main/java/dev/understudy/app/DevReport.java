package dev.understudy.app;

import dev.understudy.core.automation.CheckResult;
import dev.understudy.core.automation.TestRun;
import dev.understudy.core.problem.UserException;

/** What {@code dev} tells of each save, in this order; after {@link #failed} or mistakes nothing more of it. */
interface DevReport {
    /** A round begins. */
    void saved();

    void checked(CheckResult result);

    /** What keeps the tests from being run. */
    void failed(UserException e);

    void tested(TestRun run);
}
