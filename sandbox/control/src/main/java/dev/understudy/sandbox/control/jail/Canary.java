package dev.understudy.sandbox.control.jail;

import dev.understudy.sandbox.control.Limits;
import dev.understudy.sandbox.control.RunListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * A run in the real jail, by the real argument list, that tries what must fail and does what must work. Only if every
 * answer is there and is the right one does the jail count as holding.
 */
final class Canary {
    /** It takes some tens of milliseconds, and many times that on a machine that is busy. */
    private static final Limits LIMITS =
            Limits.DEFAULT.withWallTime(Duration.ofSeconds(60)).withProcesses(12);

    /** The host's own watch must not come before the kernel's limit, which is what is asked for. */
    private static final Limits WATCHED = LIMITS.withProcesses(48);

    private static final JailLimits KERNEL_LIMITS = new JailLimits(
            LIMITS.processes(),
            OptionalLong.of(LIMITS.memoryBytes()),
            OptionalLong.empty(),
            OptionalLong.of(10),
            OptionalLong.of(LIMITS.diskBytes()),
            LIMITS.openFiles());
    private static final RunWatch.Allowance NOTHING = new RunWatch.Allowance(0, 0, List.of(), 0);

    /** More than the process limit allows, few enough to do no harm where nothing holds them. */
    private static final int FORKS = 24;

    /** What must be answered, each with {@code ok}. */
    private static final List<String> QUESTIONS = List.of(
            "scratch",
            "write",
            "secret",
            "sysctl",
            "socket",
            "unshare",
            "pids",
            "server",
            "descriptors",
            "host-pid",
            "filter",
            "privileges",
            "capabilities",
            "processes");

    private final JailKit kit;

    Canary(JailKit kit) {
        this.kit = kit;
    }

    /** Answers by question; {@code ok} or what went wrong. Empty means that the jail did not even start. */
    record Answers(Map<String, String> byQuestion, String error) {
        /** The first deviation; empty if there is none. */
        Optional<String> deviation() {
            if (byQuestion.isEmpty()) return Optional.of(error.isEmpty() ? "it gave no answer" : error);
            return QUESTIONS.stream()
                    .filter(question ->
                            !byQuestion.getOrDefault(question, "no answer").equals("ok"))
                    .map(question -> question + ": " + byQuestion.getOrDefault(question, "no answer"))
                    .findFirst();
        }

        boolean ok(String question) {
            return byQuestion.getOrDefault(question, "no answer").equals("ok");
        }
    }

    /** In a jail of its own. */
    Answers ask() throws IOException, InterruptedException {
        try (JailSpace space = kit.open()) {
            return ask(space, (start, environment) -> {
                List<String> arguments = space.arguments(
                        start.mounts(),
                        JailCommand.RootAccess.READ_ONLY,
                        environment,
                        JailKit.WORKSPACE,
                        KERNEL_LIMITS,
                        start.command());
                return JailedProcess.start(space.launch(), arguments, new byte[0], WATCHED, NOTHING, RunListener.SILENT)
                        .await();
            });
        }
    }

    /** As a fork in the jail of a server. */
    Answers askInFork(Cpython python) throws IOException, InterruptedException {
        ForkServer.Folder folder = new ForkServer.Folder(kit, kit.fitsInMemory(LIMITS.diskBytes()));
        try (JailSpace space = folder.space()) {
            return ask(space, (start, environment) -> {
                ForkMounts mounts = space.forkMounts(start.mounts(), List.of());
                Map<String, String> all = kit.environment();
                all.putAll(environment);
                ForkServer server =
                        ForkServer.start(folder, python, start.fork(), List.of(), start.mounts(), mounts.atStart());
                try {
                    ForkServer.Job job = new ForkServer.Job(
                            mounts,
                            start,
                            all,
                            JailKit.WORKSPACE,
                            KERNEL_LIMITS,
                            space.run().file("input", new byte[0]));
                    return server.run(job, WATCHED, NOTHING, RunListener.SILENT, _ -> {});
                } finally {
                    server.end();
                }
            });
        } finally {
            folder.close();
        }
    }

    /** Runs the canary's script in one way or the other. */
    private interface Way {
        RunWatch.Ending run(Dialect.Start start, Map<String, String> environment)
                throws IOException, InterruptedException;
    }

    private Answers ask(JailSpace space, Way way) throws IOException, InterruptedException {
        // Where the next host sweeps if this one is killed.
        Path secret = Files.createTempFile(kit.runs().getFirst(), "canary", "");
        try {
            Files.writeString(secret, "planted");
            Path script = space.addProgram("canary.sh", Resources.bytes("canary.sh"));
            Path bash = SystemFiles.program("bash").orElseThrow();
            Path sleep = SystemFiles.program("sleep").orElseThrow();
            Dialect.Start start = new Dialect.Start(
                    kit.only(List.of(
                            bash, kit.tools().shell(), sleep, kit.tools().unshare())),
                    Map.of(),
                    List.of(bash.toString(), script.toString()),
                    Dialect.Fork.BY_COMMAND,
                    new Dialect.Needs(0, 0, Dialect.Needs.Reserves.LITTLE));
            RunWatch.Ending ending = way.run(
                    start,
                    Map.of(
                            "SECRET",
                            secret.toString(),
                            "HOST_PID",
                            "" + ProcessHandle.current().pid(),
                            "FORKS",
                            "" + FORKS));
            Path answers = space.result().resolve("answers");
            if (ending.exitCode() != 0 || !Files.isRegularFile(answers, LinkOption.NOFOLLOW_LINKS))
                return new Answers(Map.of(), explain(ending));
            Map<String, String> byQuestion = new LinkedHashMap<>();
            for (String line : Files.readAllLines(answers)) {
                String[] parts = line.split("=", 2);
                if (parts.length == 2) byQuestion.put(parts[0], parts[1]);
            }
            // The owner that the host sees is the kernel's view of who wrote it: never root, where there is one.
            if (kit.root() && Files.getAttribute(answers, "unix:uid").equals(0))
                byQuestion.put("privileges", "it ran as root");
            return new Answers(byQuestion, "");
        } finally {
            Files.deleteIfExists(secret);
        }
    }

    /** Tries a copy-on-write view; empty if it works, else why it does not. */
    Optional<String> overlayRefusal() throws IOException, InterruptedException {
        try (JailSpace space = kit.open()) {
            RunFolder run = space.run();
            Path lower = run.folder("lower");
            Path file = Files.writeString(lower.resolve("file"), "before");
            run.give(file);
            Path upper = run.folder("upper");
            if (!JailCommand.Mount.Overlay.isPlain(upper))
                return Optional.of("the folder's name cannot be mounted: " + upper);
            JailCommand.Mount overlay = new JailCommand.Mount.Overlay(
                    List.of(lower), upper, run.folder("work"), run.folder("merged"), Path.of("/view"));
            Path bash = SystemFiles.program("bash").orElseThrow();
            List<JailCommand.Mount> mounts = new ArrayList<>(kit.only(List.of(bash)));
            mounts.add(overlay);
            List<String> arguments = space.arguments(
                    mounts,
                    JailCommand.RootAccess.READ_ONLY,
                    Map.of(),
                    JailKit.WORKSPACE,
                    new JailLimits(
                            4,
                            OptionalLong.empty(),
                            OptionalLong.empty(),
                            OptionalLong.empty(),
                            OptionalLong.empty(),
                            64),
                    List.of(bash.toString(), "-c", "echo after >/view/file"));
            RunWatch.Ending ending = JailedProcess.start(
                            space.launch(), arguments, new byte[0], LIMITS, NOTHING, RunListener.SILENT)
                    .await();
            Path changed = upper.resolve("file");
            boolean works = ending.exitCode() == 0
                    && Files.readString(file).equals("before")
                    && Files.isRegularFile(changed, LinkOption.NOFOLLOW_LINKS)
                    && Files.readString(changed).equals("after\n");
            return works ? Optional.empty() : Optional.of(explain(ending));
        }
    }

    static String explain(RunWatch.Ending ending) {
        String said = ending.output().stream()
                .map(line -> line.text().strip())
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining("; "));
        return ending.stopped()
                .map(reason -> "the canary was stopped: " + reason)
                .orElse("the canary ended with status " + ending.exitCode() + (said.isEmpty() ? "" : ": " + said));
    }
}
