package dev.understudy.sandbox.control.jail;

import dev.understudy.sandbox.control.Limits;
import dev.understudy.sandbox.control.RunListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The canary of tier {@code reduced}: a run behind Landlock and the filter, started as all others are, that tries what
 * must fail and does what must work, and leaves a process behind that must be gone.
 */
final class ReducedCanary {
    /** It takes some tens of milliseconds, and many times that on a machine that is busy. */
    private static final Limits LIMITS =
            Limits.DEFAULT.withWallTime(Duration.ofSeconds(60)).withProcesses(12);

    private static final int FORKS = 24;

    /** What must be answered, each with {@code ok}. */
    private static final List<String> QUESTIONS = List.of(
            "scratch",
            "write",
            "replace",
            "secret",
            "metadata",
            "sysctl",
            "socket",
            "unshare",
            "host-pid",
            "others",
            "processes",
            "orphan");

    private final JailKit kit;

    ReducedCanary(JailKit kit) {
        this.kit = kit;
    }

    /** The first deviation; empty if there is none. */
    Optional<String> deviation() throws IOException, InterruptedException {
        // Where the next host sweeps if this one is killed.
        Path planted = Files.createTempDirectory(kit.runs().getFirst(), "canary");
        Path secret = Files.writeString(planted.resolve("secret"), "planted");
        try (JailSpace space = kit.open()) {
            // Open to everybody, so that nothing but the jail keeps it.
            Files.setPosixFilePermissions(planted, PosixFilePermissions.fromString("rwxrwxrwx"));
            Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-rw-rw-"));
            Map<String, String> answers = ask(space, planted);
            answers.computeIfAbsent("orphan", _ -> "no answer");
            String orphan = answers.get("orphan");
            if (orphan != null && orphan.matches("\\d+"))
                answers.put("orphan", isRunning(orphan) ? "process " + orphan + " was left running" : "ok");
            boolean untouched = Files.readString(secret).equals("planted")
                    && Files.getPosixFilePermissions(secret).size() == 6;
            if (!untouched) answers.put("write", "the planted file is not as it was");
            return QUESTIONS.stream()
                    .filter(question ->
                            !answers.getOrDefault(question, "no answer").equals("ok"))
                    .map(question -> question + ": " + answers.getOrDefault(question, "no answer"))
                    .findFirst();
        } finally {
            RunFolder.remove(planted);
        }
    }

    private Map<String, String> ask(JailSpace space, Path planted) throws IOException, InterruptedException {
        Path script = space.addProgram("canary.sh", Resources.bytes("canary-reduced.sh"));
        Path bash = SystemFiles.program("bash").orElseThrow();
        Path sleep = SystemFiles.program("sleep").orElseThrow();
        Path chmod = SystemFiles.program("chmod").orElseThrow();
        List<String> arguments = space.arguments(
                kit.only(List.of(
                        bash, kit.tools().shell(), sleep, chmod, kit.tools().unshare())),
                JailCommand.RootAccess.READ_ONLY,
                Map.of(
                        "PLANTED",
                        planted.toString(),
                        "HOST_PID",
                        "" + ProcessHandle.current().pid(),
                        "FORKS",
                        "" + FORKS,
                        "RESULT",
                        JailKit.RESULT_FOLDER.resolve("answers").toString()),
                JailKit.WORKSPACE,
                new JailLimits(
                        LIMITS.processes(),
                        OptionalLong.of(LIMITS.memoryBytes()),
                        OptionalLong.empty(),
                        OptionalLong.of(10),
                        OptionalLong.of(LIMITS.diskBytes()),
                        LIMITS.openFiles()),
                List.of(bash.toString(), script.toString()));
        RunWatch.Ending ending = JailedProcess.start(
                        space.launch(),
                        arguments,
                        new byte[0],
                        LIMITS.withProcesses(FORKS * 2),
                        new RunWatch.Allowance(0, 0, List.of(), 0),
                        RunListener.SILENT)
                .await();
        Path file = space.result().resolve("answers");
        Map<String, String> answers = new HashMap<>();
        if (ending.exitCode() != 0 || !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            answers.put("scratch", Canary.explain(ending));
            return answers;
        }
        for (String line : Files.readAllLines(file)) {
            String[] parts = line.split("=", 2);
            if (parts.length == 2) answers.put(parts[0], parts[1]);
        }
        return answers;
    }

    /** A process that has been killed may take a moment to be gone; until then it is a zombie. */
    private static boolean isRunning(String pid) throws InterruptedException {
        for (int look = 0; look < 100; look++) {
            try {
                String text = Files.readString(Path.of("/proc/" + pid + "/stat"));
                if ("ZX".indexOf(text.charAt(text.lastIndexOf(')') + 2)) >= 0) return false;
            } catch (IOException gone) {
                return false;
            }
            Thread.sleep(5);
        }
        return true;
    }
}
