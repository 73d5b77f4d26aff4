package dev.understudy.sandbox.control.jail;

import java.io.IOException;

/** How a jail's outermost process is started. */
interface Launch {
    /** Starts it; the caller owns the process. */
    Process start(ProcessBuilder builder) throws IOException;

    /** How many generations below the outermost process belong to the jail; -1 if that one is the command itself. */
    int jailGenerations();

    /** Ends it with all that is below it; may be called again while it still lives. */
    void kill(Process outermost);

    /** Waits until nothing of it runs any more, once the outermost process has ended. */
    void awaitEmpty() throws InterruptedException;
}
