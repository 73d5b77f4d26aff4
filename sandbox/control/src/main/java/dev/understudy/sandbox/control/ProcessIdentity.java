package dev.understudy.sandbox.control;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * A process, told apart from a later one that got its number.
 *
 * @param start when it began: in clock ticks since the machine's start where Linux says so, for the wall clock may be set
 * @param boot the machine's running since its last start; empty where the system gives none
 */
public record ProcessIdentity(long pid, String start, String boot) {
    /** The process that asks. */
    public static ProcessIdentity thisProcess() {
        return of(ProcessHandle.current());
    }

    /** A process that runs, or has just ended: then nothing has its identity any more. */
    public static ProcessIdentity of(ProcessHandle process) {
        return new ProcessIdentity(process.pid(), startOf(process), bootId());
    }

    private static String startOf(ProcessHandle process) {
        try {
            String stat = firstLine(Path.of("/proc", Long.toString(process.pid()), "stat"));
            // The name, in brackets, may hold spaces and brackets; the start is the 20th field behind it.
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return fields[19];
        } catch (IOException _) {
            return process.info().startInstant().map(Instant::toString).orElse("");
        }
    }

    private static String bootId() {
        try {
            return firstLine(Path.of("/proc/sys/kernel/random/boot_id"));
        } catch (IOException _) {
            return "";
        }
    }

    /** By one read: there are files of the kernel that give nothing to a second. */
    private static String firstLine(Path file) throws IOException {
        byte[] page = new byte[4096];
        try (InputStream in = Files.newInputStream(file)) {
            return new String(page, 0, Math.max(0, in.read(page)), StandardCharsets.UTF_8).strip();
        }
    }

    /** Whether the machine has started anew in between; false where that cannot be told. */
    public boolean restartedSince(ProcessIdentity earlier) {
        return !boot.isEmpty() && !earlier.boot.isEmpty() && !boot.equals(earlier.boot);
    }

    /** Whether this very process still runs. */
    public boolean lives() {
        return !start.isEmpty()
                && ProcessHandle.of(pid)
                        .filter(ProcessHandle::isAlive)
                        .map(ProcessIdentity::of)
                        .filter(this::equals)
                        .isPresent();
    }

    /** As {@link #parse} reads it. */
    public String text() {
        return pid + " " + start + " " + boot;
    }

    /** Reads what {@link #text} wrote; empty if it is something else. */
    public static Optional<ProcessIdentity> parse(String text) {
        String[] words = text.strip().split(" ", -1);
        if (words.length < 2 || !words[0].matches("\\d{1,18}")) return Optional.empty();
        return Optional.of(new ProcessIdentity(Long.parseLong(words[0]), words[1], words.length > 2 ? words[2] : ""));
    }
}
