package dev.understudy.core.executor;

import dev.understudy.sandbox.control.RunReport;

/** One part of the way from a request to its report. Called by the thread of the run; several runs at once. */
interface Stage {
    /** What comes behind it. */
    interface Next {
        RunReport run(Call call) throws InterruptedException;
    }

    /** Gives the report of a call, by what comes behind it or by itself. */
    RunReport run(Call call, Next next) throws InterruptedException;
}
