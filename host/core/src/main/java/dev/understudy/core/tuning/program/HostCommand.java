package dev.understudy.core.tuning.program;

import dev.understudy.core.problem.UserException;
import dev.understudy.core.text.ShellWord;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How a person reaches a machine: the words before a command that start it there, for example {@code ssh db2}.
 *
 * <p>What is to be run there goes to the input of a shell ({@code ssh db2 sh}), since host commands differ in what they do to the
 * words they are given: {@code ssh} puts them together and has a shell read them once more, {@code env} and {@code nice} do not.
 * So a host command must pass its input on. The shell first says that it was reached, because one whose input did not come ends
 * without a complaint.
 *
 * @param text as written
 * @param words of it; empty for this machine
 */
record HostCommand(String text, List<String> words) {
    /** Names this machine. */
    static final String HERE = "here";

    private static final String REACHED = "understudy reached this machine";

    HostCommand {
        words = List.copyOf(words);
    }

    /** This machine. */
    static HostCommand here() {
        return new HostCommand(HERE, List.of());
    }

    /**
     * Reads one.
     *
     * @throws UserException if it cannot be taken apart into words
     */
    static HostCommand parse(String text) {
        if (text.strip().equals(HERE)) return here();
        List<String> words = CommandText.split(
                "host command",
                text,
                sign -> UserException.badInput(
                        "The host command '" + text + "' holds the shell's '" + sign + "'",
                        "it is started without a shell",
                        "Put the sign into quotes, or the command into a script"));
        if (words.isEmpty())
            throw UserException.badInput(
                    "A host command is empty",
                    "there is nothing to start",
                    "Write it like 'ssh db2', or '" + HERE + "'");
        return new HostCommand(text.strip(), words);
    }

    boolean isHere() {
        return words.isEmpty();
    }

    /** What is started here. */
    List<String> argv() {
        return Stream.concat(words.stream(), Stream.of("sh")).toList();
    }

    /** What the shell there reads: a whole block before it runs any of it, so that the command does not read the rest. */
    String input(List<String> argv, Map<String, String> variables) {
        var script = new StringBuilder("{ echo '" + REACHED + "'; exec </dev/null\n");
        variables.forEach((name, value) -> script.append("export ")
                .append(name)
                .append('=')
                .append(ShellWord.quoted(value))
                .append('\n'));
        return script.append("exec ")
                .append(argv.stream().map(ShellWord::quoted).collect(Collectors.joining(" ")))
                .append("\n}\n")
                .toString();
    }

    /** What the command printed there, without what came before it; empty if the shell was not reached. */
    static Optional<String> output(String out) {
        int begin = out.indexOf(REACHED + "\n");
        return begin < 0 ? Optional.empty() : Optional.of(out.substring(begin + REACHED.length() + 1));
    }
}
