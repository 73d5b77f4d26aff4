package dev.understudy.plugins.automationtemplates;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** The program that an automation was learnt from, run by a shell as it was recorded. */
final class RealProgram {
    private static final Map<String, Boolean> INSTALLED = new ConcurrentHashMap<>();

    private RealProgram() {}

    static boolean isInstalled(String name) {
        return INSTALLED.computeIfAbsent(name, each -> {
            try {
                return run(Path.of("/"), List.of("command", "-v", each), ">", "/dev/null") == 0;
            } catch (IOException e) {
                return false;
            }
        });
    }

    /**
     * Runs a command in a folder, its output going to a file there.
     *
     * @param redirection an operator of the shell, and the file
     * @return the exit code
     */
    static int run(Path folder, List<String> words, String... redirection) throws IOException {
        String line = words.stream()
                .map(word -> "'" + word.replace("'", "'\\''") + "'")
                .collect(Collectors.joining(" ", "", " " + String.join(" ", redirection)));
        var builder = new ProcessBuilder("bash", "-c", line)
                .directory(folder.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("LC_ALL", "C.UTF-8");
        Process process = builder.start();
        process.getOutputStream().close();
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while " + words.getFirst() + " ran", e);
        }
    }
}
