package dev.understudy.spi.system;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What kind of work a machine mostly does: a name. The host knows the five below; a detector may name others, for which a
 * profile may be written.
 *
 * @param id the name in configuration and JSON, for example {@code web_server}: lower-case letters, digits and underscores, the
 *     first one a letter, at most {@value #MAX_LENGTH}
 */
public record Workload(String id) {
    /** How long a name is at most. */
    public static final int MAX_LENGTH = 40;

    private static final Pattern FORM = Pattern.compile("[a-z][a-z0-9_]{0," + (MAX_LENGTH - 1) + "}");

    /** Answers queries from a store of its own, on disk or in memory. */
    public static final Workload DATABASE = new Workload("database");

    /** Answers requests over the network, or passes them on. */
    public static final Workload WEB_SERVER = new Workload("web_server");

    /** Computes, with little else. */
    public static final Workload HPC_COMPUTE = new Workload("hpc_compute");

    /** Moves data to and from disks, with little else. */
    public static final Workload IO_INTENSIVE = new Workload("io_intensive");

    /** Anything else, and nothing much. */
    public static final Workload GENERAL = new Workload("general");

    /** Those that the host knows: it has settings, a profile and a measure of progress for each. */
    public static final List<Workload> KNOWN = List.of(DATABASE, WEB_SERVER, HPC_COMPUTE, IO_INTENSIVE, GENERAL);

    public Workload {
        if (!FORM.matcher(id).matches())
            throw new IllegalArgumentException("id must be a lower-case name like web_server, of at most " + MAX_LENGTH
                    + " letters, was '" + id + "'");
    }

    /** The workload of this name; empty if it can be no name of one. */
    public static Optional<Workload> of(String id) {
        return FORM.matcher(id).matches() ? Optional.of(new Workload(id)) : Optional.empty();
    }

    @Override
    public String toString() {
        return id;
    }
}
