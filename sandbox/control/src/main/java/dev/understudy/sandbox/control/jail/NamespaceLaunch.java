package dev.understudy.sandbox.control.jail;

import dev.understudy.sandbox.control.ProcessStarter;
import java.io.IOException;

/** The whole jail is in the arguments; its processes end with its init, and that with the outermost process. */
record NamespaceLaunch(ProcessStarter starter) implements Launch {
    @Override
    public Process start(ProcessBuilder builder) throws IOException {
        return starter.start(builder);
    }

    /** bubblewrap's own init, below the process that Java started. */
    @Override
    public int jailGenerations() {
        return 1;
    }

    @Override
    public void kill(Process outermost) {
        JailEnd.kill(outermost.toHandle());
    }

    @Override
    public void awaitEmpty() {}
}
