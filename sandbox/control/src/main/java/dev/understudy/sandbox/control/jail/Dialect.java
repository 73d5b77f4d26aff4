package dev.understudy.sandbox.control.jail;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.sandbox.control.RunOutcome;
import dev.understudy.sandbox.control.RunRequest;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How scripts of one language are started in the jail. Stateless but for what it has found on the machine. */
interface Dialect {

    /** Why this machine cannot run the language; empty if it can. */
    Optional<RunOutcome.Refused> refusal();

    /** Lays the script and what it needs into the space. */
    Start prepare(JailSpace space, RunRequest request, ObjectNode parameters) throws IOException;

    /**
     * What is particular to one start.
     *
     * @param mounts beside those that every jail has
     * @param environment beside that which every jail has
     * @param command as seen inside
     * @param fork how a fork server comes to the same
     * @param limits of the runtime: memory for the kernel's backstop, and what the runtime itself needs
     */
    record Start(
            List<JailCommand.Mount> mounts,
            Map<String, String> environment,
            List<String> command,
            Fork fork,
            Needs limits) {
        public Start {
            mounts = List.copyOf(mounts);
            environment = Map.copyOf(environment);
            command = List.copyOf(command);
        }
    }

    /** What a fork of the server does. */
    enum Fork {
        /** Runs the script itself: the server is the language's runtime, and has the driver loaded. */
        IN_THE_SERVER,
        /** Becomes the command. */
        BY_COMMAND
    }

    /**
     * What a runtime needs before the script has done anything; comes on top of what the script may use.
     *
     * @param tasks threads beside the first
     * @param memoryBytes resident
     * @param reserves whether it reserves far more address space than it uses, so that only its data can be limited
     */
    record Needs(int tasks, long memoryBytes, Reserves reserves) {
        enum Reserves {
            LITTLE,
            MUCH
        }

        /** The same where a run may start programs: they may be runtimes that reserve much, as all written in Go do. */
        Needs forPrograms(List<String> programs) {
            return programs.isEmpty() ? this : new Needs(tasks, memoryBytes, Reserves.MUCH);
        }
    }
}
