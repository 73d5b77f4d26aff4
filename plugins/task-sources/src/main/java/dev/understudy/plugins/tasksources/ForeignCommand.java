package dev.understudy.plugins.tasksources;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A command of a shell whose language is another one (PowerShell, nushell, xonsh).
 *
 * <p>A program that is called with plain words is the same task whichever shell it was typed into. All else is a task of that
 * shell's, and called so ({@code powershell:Copy-Item}, which is the name of no program): what {@code Copy-Item} or {@code ls |
 * where size > 1mb} do no bash does, and nobody must write a script for it as if one did.
 */
final class ForeignCommand {
    /** Words in which no shell sees more than their characters. */
    private static final Pattern PLAIN = Pattern.compile("[\\w./][\\w./:=@,+-]*(?: +[\\w./:=@,+-]+)*");

    /** {@code Verb-Noun}. */
    private static final Pattern CMDLET = Pattern.compile("(?i)[a-z]+-[a-z]\\w*");

    private static final Pattern NUMBER_OR_VALUE = Pattern.compile("[\\d.]+\\w*|true|false|null|none");
    private static final Pattern FIRST_WORD = Pattern.compile("\\s*([^\\s|;&(){}\\[\\]<>]*)");
    private static final int MAX_NAME_LENGTH = 60;

    /** What PowerShell has under the names of other systems' programs, here or on Windows. */
    private static final Set<String> OF_POWERSHELL = Set.of(
            "ac",
            "cat",
            "cd",
            "chdir",
            "clc",
            "clear",
            "cls",
            "compare",
            "copy",
            "cp",
            "curl",
            "del",
            "diff",
            "dir",
            "echo",
            "erase",
            "exit",
            "fc",
            "fl",
            "foreach",
            "ft",
            "function",
            "gc",
            "gci",
            "gi",
            "gl",
            "gm",
            "gp",
            "gps",
            "group",
            "gu",
            "gv",
            "h",
            "help",
            "history",
            "iex",
            "if",
            "ii",
            "ipmo",
            "irm",
            "iwr",
            "kill",
            "lp",
            "ls",
            "man",
            "md",
            "measure",
            "mi",
            "mkdir",
            "mount",
            "move",
            "mp",
            "mv",
            "ni",
            "oh",
            "popd",
            "ps",
            "pushd",
            "pwd",
            "r",
            "rd",
            "ren",
            "ri",
            "rm",
            "rmdir",
            "rni",
            "sal",
            "select",
            "set",
            "sl",
            "sleep",
            "sls",
            "sort",
            "start",
            "switch",
            "tee",
            "type",
            "wget",
            "where",
            "while",
            "write");

    /** nushell's own commands that are called as programs of other systems are. */
    private static final Set<String> OF_NUSHELL = Set.of(
            "alias",
            "all",
            "any",
            "append",
            "cal",
            "cd",
            "clear",
            "columns",
            "compact",
            "complete",
            "config",
            "const",
            "cp",
            "date",
            "debug",
            "def",
            "default",
            "describe",
            "detect",
            "do",
            "drop",
            "du",
            "each",
            "echo",
            "enumerate",
            "error",
            "every",
            "exec",
            "exit",
            "explain",
            "explore",
            "export",
            "fill",
            "filter",
            "find",
            "first",
            "flatten",
            "for",
            "format",
            "from",
            "generate",
            "get",
            "glob",
            "group-by",
            "hash",
            "headers",
            "help",
            "hide",
            "histogram",
            "history",
            "http",
            "if",
            "ignore",
            "input",
            "insert",
            "inspect",
            "into",
            "is-empty",
            "items",
            "job",
            "join",
            "keybindings",
            "kill",
            "last",
            "length",
            "let",
            "lines",
            "load-env",
            "loop",
            "ls",
            "match",
            "math",
            "merge",
            "metadata",
            "mkdir",
            "mktemp",
            "move",
            "mut",
            "mv",
            "nu-check",
            "open",
            "overlay",
            "panic",
            "par-each",
            "parse",
            "path",
            "plugin",
            "port",
            "prepend",
            "print",
            "ps",
            "query",
            "random",
            "reduce",
            "reject",
            "rename",
            "reverse",
            "rm",
            "roll",
            "rotate",
            "run-external",
            "save",
            "schema",
            "scope",
            "select",
            "seq",
            "shuffle",
            "skip",
            "sleep",
            "slice",
            "sort",
            "sort-by",
            "source",
            "split",
            "start",
            "stor",
            "str",
            "sys",
            "table",
            "take",
            "tee",
            "term",
            "timeit",
            "to",
            "touch",
            "transpose",
            "try",
            "tutor",
            "ulimit",
            "umask",
            "uname",
            "uniq",
            "update",
            "upsert",
            "url",
            "use",
            "values",
            "version",
            "view",
            "watch",
            "where",
            "which",
            "while",
            "whoami",
            "window",
            "with-env",
            "wrap",
            "zip");

    /** Words with which a line of Python begins, and what xonsh does by itself. */
    private static final Set<String> OF_XONSH = Set.of(
            "aliases",
            "assert",
            "async",
            "await",
            "break",
            "cd",
            "class",
            "continue",
            "def",
            "del",
            "dirs",
            "exit",
            "for",
            "from",
            "global",
            "history",
            "if",
            "import",
            "lambda",
            "match",
            "not",
            "pass",
            "popd",
            "print",
            "pushd",
            "raise",
            "return",
            "source",
            "try",
            "type",
            "while",
            "with",
            "xonfig",
            "xontrib",
            "xpip",
            "yield");

    private ForeignCommand() {}

    static ShellCommand parse(String command, Shell shell) throws UnreadableEntryException {
        String text = command.strip();
        if (isProgram(text, shell)) return ShellCommand.parse(text, ShellSyntax.POSIX);
        Matcher first = FIRST_WORD.matcher(text);
        String name = first.lookingAt() ? first.group(1) : "";
        if (name.isEmpty() || name.startsWith("#")) name = name.isEmpty() ? "expression" : "comment";
        if (name.length() > MAX_NAME_LENGTH) name = name.substring(0, MAX_NAME_LENGTH);
        var arguments =
                new ArrayList<>(List.of(text.substring(first.end()).strip().split("\\s+")));
        arguments.removeIf(String::isEmpty);
        return new ShellCommand(shell.id() + ":" + name, List.copyOf(arguments), List.of(), false);
    }

    private static boolean isProgram(String text, Shell shell) {
        if (!PLAIN.matcher(text).matches()) return false;
        String first = text.split(" ", 2)[0];
        if (first.contains("=") || NUMBER_OR_VALUE.matcher(first).matches()) return false;
        return switch (shell) {
            case POWERSHELL ->
                !CMDLET.matcher(first).matches()
                        && !OF_POWERSHELL.contains(first.toLowerCase(Locale.ROOT))
                        // A list where other shells have a word.
                        && text.indexOf(',') < 0;
            case NUSHELL -> !OF_NUSHELL.contains(first);
            // A name alone may be a variable of Python's; a call of a method has a dot in its first word.
            case XONSH ->
                !OF_XONSH.contains(first) && text.indexOf(',') < 0 && !text.contains(" = ") && !text.contains(" + ");
            default -> throw new IllegalArgumentException(shell + " is read by its grammar");
        };
    }
}
