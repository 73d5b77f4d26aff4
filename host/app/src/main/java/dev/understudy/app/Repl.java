package dev.understudy.app;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.DefaultParser;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/**
 * Reads, evaluates and prints. On a terminal with history and multi-line editing; from a pipe without prompts, so that
 * {@code echo '1 + 1' | understudy repl js} prints {@code 2}.
 */
final class Repl {
    /** Lines that are no part of a program, although in JavaScript a line may begin with a dot. */
    private static final Set<String> COMMANDS = Set.of(".changes", ".commit", ".exit");

    private final Console console;
    private final Evaluator evaluator;
    private final String prompt;
    private final EntryStyle style;

    Repl(Console console, Evaluator evaluator, String prompt, EntryStyle style) {
        this.console = console;
        this.evaluator = evaluator;
        this.prompt = prompt;
        this.style = style;
    }

    /** What evaluates: a session in a cell. */
    interface Evaluator {
        /** Evaluates an entry; what it prints goes to the console while it runs. */
        Evaluation evaluate(String entry) throws IOException, InterruptedException;

        /** Stops the evaluation under way, from another thread. */
        void interrupt();
    }

    /** What became of an entry. */
    sealed interface Evaluation {
        /** All went well; {@code text} is the value as the language shows it, empty if there is nothing to show. */
        record Value(String text) implements Evaluation {}

        /** It is the beginning of an entry that goes on in the next line; nothing was done. */
        record Incomplete() implements Evaluation {}

        record Failed(String error) implements Evaluation {}
    }

    /** Runs until the end of the input; returns the exit code. */
    int run(Path historyFile) throws IOException, InterruptedException {
        return console.isTerminal() ? runOnTerminal(historyFile) : runFromPipe();
    }

    private int runOnTerminal(Path historyFile) throws IOException, InterruptedException {
        try (Terminal terminal = TerminalBuilder.builder().system(true).build()) {
            LineReader reader = LineReaderBuilder.builder()
                    .terminal(terminal)
                    .parser(plainText())
                    .variable(LineReader.HISTORY_FILE, historyFile)
                    .variable(LineReader.BELL_STYLE, "none")
                    // A '!' in JavaScript is no history expansion, and a bracket needs no blink.
                    .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
                    .variable(LineReader.BLINK_MATCHING_PAREN, 0)
                    .build();
            terminal.handle(Terminal.Signal.INT, _ -> evaluator.interrupt());
            var entry = new StringBuilder();
            while (true) {
                String line;
                try {
                    line = reader.readLine(
                            entry.isEmpty()
                                    ? Style.CYAN.of(console, prompt + "> ")
                                    : Style.DIM.of(console, continuation()));
                } catch (UserInterruptException _) {
                    entry.setLength(0);
                    continue;
                } catch (EndOfFileException _) {
                    return ExitCode.DONE;
                }
                if (entry.isEmpty() && line.strip().equals(".exit")) return ExitCode.DONE;
                takePasted(entry, line);
            }
        }
    }

    /** What is pasted arrives as one line with breaks in it: JavaScript takes a program as it is, Python one statement at a time. */
    private void takePasted(StringBuilder entry, String pasted) throws IOException, InterruptedException {
        if (style == EntryStyle.JAVASCRIPT) {
            take(entry, pasted, Optional.empty());
            return;
        }
        List<String> lines = List.of(pasted.split("\n", -1));
        for (int i = 0; i < lines.size(); i++) {
            Optional<String> next = i + 1 < lines.size() ? Optional.of(lines.get(i + 1)) : Optional.empty();
            // Where one statement has failed, those after it would build on nothing.
            if (!take(entry, lines.get(i), next)) return;
        }
    }

    private String continuation() {
        return " ".repeat(Math.max(0, prompt.length() - 2)) + "... ";
    }

    /** A parser that leaves quotes, brackets and backslashes to the language. */
    private static DefaultParser plainText() {
        var parser = new DefaultParser();
        parser.setEofOnUnclosedQuote(false);
        parser.setEofOnEscapedNewLine(false);
        parser.setEscapeChars(new char[0]);
        parser.setQuoteChars(new char[0]);
        return parser;
    }

    private int runFromPipe() throws IOException, InterruptedException {
        boolean failed = false;
        var entry = new StringBuilder();
        var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        String line = input.readLine();
        while (line != null) {
            // Whoever waits for an answer to each line has sent no more; a program that is piped in has.
            String next = input.ready() ? input.readLine() : null;
            failed |= !take(entry, line, Optional.ofNullable(next));
            line = next != null ? next : input.readLine();
        }
        if (!entry.isEmpty()) failed |= !take(entry, "", Optional.empty()) || !entry.isEmpty();
        if (!entry.isEmpty()) console.err().println("understudy: the input ends in the middle of an entry.");
        return failed ? ExitCode.FAILED : ExitCode.DONE;
    }

    /** Adds a line to the entry and evaluates it if it is whole, as far as the line after it tells; false if it failed. */
    private boolean take(StringBuilder entry, String line, Optional<String> next)
            throws IOException, InterruptedException {
        if (!entry.isEmpty() && style.endsBefore(entry.toString(), line) && !evaluate(entry, entry + "\n"))
            return false;
        entry.append(entry.isEmpty() ? "" : "\n").append(line);
        if (entry.toString().isBlank()) {
            entry.setLength(0);
            return true;
        }
        if (next.isPresent() && !COMMANDS.contains(next.get().strip()) && style.goesOn(entry.toString(), next.get()))
            return true;
        return evaluate(entry, entry.toString());
    }

    /** Evaluates what is to be one entry, and begins anew unless it is the beginning of a longer one; false if it failed. */
    private boolean evaluate(StringBuilder entry, String text) throws IOException, InterruptedException {
        Evaluation evaluation = evaluator.evaluate(text);
        if (evaluation instanceof Evaluation.Incomplete) return true;
        entry.setLength(0);
        if (evaluation instanceof Evaluation.Value(String shown) && !shown.isEmpty())
            console.out().println(Console.printable(shown));
        if (evaluation instanceof Evaluation.Failed(String error)) {
            console.err().println(Style.RED.of(console, Console.printable(error)));
            return false;
        }
        return true;
    }
}
