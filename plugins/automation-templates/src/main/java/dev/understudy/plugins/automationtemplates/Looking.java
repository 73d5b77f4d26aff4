package dev.understudy.plugins.automationtemplates;

import dev.understudy.spi.TaskPattern;
import java.util.Set;

/** Tells commands that only look. */
final class Looking {
    static final double LOOKS_ONLY = 0.6;

    private static final Set<String> PROGRAMS = Set.of(
            "ls",
            "ll",
            "la",
            "dir",
            "pwd",
            "cat",
            "less",
            "more",
            "head",
            "tail",
            "bat",
            "grep",
            "egrep",
            "fgrep",
            "rg",
            "ag",
            "find",
            "fd",
            "locate",
            "which",
            "whereis",
            "type",
            "file",
            "stat",
            "du",
            "df",
            "wc",
            "tree",
            "ps",
            "top",
            "htop",
            "free",
            "uptime",
            "who",
            "w",
            "whoami",
            "id",
            "date",
            "cal",
            "env",
            "printenv",
            "history",
            "man",
            "info",
            "help",
            "echo",
            "diff",
            "cmp",
            "md5sum",
            "sha256sum",
            "ping",
            "dig",
            "host",
            "nslookup",
            "uname",
            "hostname",
            "jobs",
            "git status",
            "git log",
            "git diff",
            "git show",
            "git branch",
            "git blame",
            "docker ps",
            "docker images",
            "docker logs",
            "kubectl get",
            "kubectl describe",
            "kubectl logs",
            "systemctl status",
            "journalctl",
            "cd",
            "clear",
            "pushd",
            "popd");

    private Looking() {}

    /** The answer to a command that is none of a template's programs. */
    static NotAutomatable notMine(TaskPattern pattern, String template) {
        String type = pattern.taskType().strip();
        if (PROGRAMS.contains(type)) {
            try {
                if (ShellCommand.read(pattern).output().isPresent())
                    return new NotAutomatable(
                            type + " is no " + template + " that is known", NotAutomatable.ANOTHER_FIELD);
            } catch (NotAutomatable e) {
                return new NotAutomatable(String.valueOf(e.getMessage()), LOOKS_ONLY);
            }
            return new NotAutomatable(type + " only looks: it changes nothing", LOOKS_ONLY);
        }
        return new NotAutomatable("'" + type + "' is no " + template + " that is known", NotAutomatable.ANOTHER_FIELD);
    }
}
