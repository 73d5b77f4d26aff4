package dev.understudy.app.resident;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a process is allowed and told that could change what a command does: a command is served only by a host that has all of
 * it in common, so that it does there what it would do in its own process.
 */
public final class Surroundings {
    /** They tell of the terminal and the shell, and the host is told of the terminal with each command. */
    private static final Set<String> OF_THE_TERMINAL = Set.of(
            "_",
            "PWD",
            "OLDPWD",
            "SHLVL",
            "COLUMNS",
            "LINES",
            "TERM",
            "COLORTERM",
            "NO_COLOR",
            "WINDOWID",
            "TMUX",
            "TMUX_PANE",
            "STY",
            "WINDOW",
            "TERM_PROGRAM",
            "TERM_PROGRAM_VERSION",
            "TERM_SESSION_ID",
            "SSH_TTY",
            "SSH_CLIENT",
            "SSH_CONNECTION",
            "GPG_TTY",
            "XDG_SESSION_ID",
            "VTE_VERSION",
            "HISTCMD",
            "UNDERSTUDY_NO_BUILD");

    private static final Path PROCESS = Path.of("/proc/self");
    private static final List<String> STATUS = List.of(
            "Umask:", "Uid:", "Gid:", "Groups:", "CapEff:", "CapBnd:", "NoNewPrivs:", "Seccomp:", "Cpus_allowed_list:");
    private static final List<String> NAMESPACES = List.of("mnt", "net", "pid", "user", "ipc", "uts", "cgroup");
    /** The nineteenth of the line's fields; it is counted from behind the name, which may hold blanks. */
    private static final int NICE = 16;

    private Surroundings() {}

    /**
     * Of this process, as one text.
     *
     * @param environment its variables as the person set them
     */
    public static String ofThisProcess(Map<String, String> environment) {
        var text = new StringBuilder();
        new TreeMap<>(environment).forEach((name, value) -> {
            if (!OF_THE_TERMINAL.contains(name))
                text.append(name).append('=').append(value).append('\0');
        });
        text.append(System.getProperty("user.name")).append('\n');
        if (Files.isDirectory(PROCESS)) text.append(ofTheKernel());
        return text.toString();
    }

    private static String ofTheKernel() {
        try {
            var text = new StringBuilder();
            // The process's name may be in any charset.
            text.append(Files.readAllLines(PROCESS.resolve("status"), StandardCharsets.ISO_8859_1).stream()
                    .filter(line -> STATUS.stream().anyMatch(line::startsWith))
                    .collect(Collectors.joining("\n")));
            text.append(Files.readString(PROCESS.resolve("limits")));
            String stat = Files.readString(PROCESS.resolve("stat"), StandardCharsets.ISO_8859_1);
            text.append(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[NICE])
                    .append('\n');
            for (String namespace : NAMESPACES)
                text.append(Files.readSymbolicLink(PROCESS.resolve("ns").resolve(namespace)))
                        .append('\n');
            return text.append(Files.readSymbolicLink(PROCESS.resolve("root"))).toString();
        } catch (IOException e) {
            // Unlike any other's: who cannot tell is served by nobody.
            return "unknown to " + ProcessHandle.current().pid() + ": " + e;
        }
    }
}
