package dev.understudy.app;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.jline.reader.EOFError;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.ParsedLine;
import org.jline.reader.Parser;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.DefaultParser;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/**
 * Reads, evaluates and prints. On a terminal with history and multi-line editing; from a pipe without prompts, so that
 * {@code echo '1 + 1' | understudy repl js} prints {@code 2}.
 */
final class Repl {
    private final Console console;
    private final Evaluator evaluator;
    private final String prompt;

    Repl(Console console, Evaluator evaluator, String prompt) {
        this.console = console;
        this.evaluator = evaluator;
        this.prompt = prompt;
    }

    /** What evaluates: a session in a cell. */
    interface Evaluator {
        /** Evaluates one whole entry; what it prints goes to the console while it runs. */
        Evaluation evaluate(String source);

        /** Whether the text so far is the beginning of an entry that goes on in the next line. */
        boolean isIncomplete(String source);

        /** Stops the evaluation under way, from another thread. */
        void interrupt();
    }

    /**
     * What became of an entry.
     *
     * @param value as the language shows it; empty if there is nothing to show
     * @param error one or more lines; empty if all went well
     */
    record Evaluation(Optional<String> value, Optional<String> error) {}

    /** Runs until the end of the input; returns the exit code. */
    int run(Path historyFile) throws IOException {
        return console.isTerminal() ? runOnTerminal(historyFile) : runFromPipe();
    }

    private int runOnTerminal(Path historyFile) throws IOException {
        try (Terminal terminal = TerminalBuilder.builder().system(true).build()) {
            LineReader reader = LineReaderBuilder.builder()
                    .terminal(terminal)
                    .parser(new WholeEntries())
                    .variable(LineReader.HISTORY_FILE, historyFile)
                    .variable(LineReader.SECONDARY_PROMPT_PATTERN, Style.DIM.of(console, "%P… "))
                    .variable(LineReader.BELL_STYLE, "none")
                    // A '!' in JavaScript is no history expansion, and a bracket needs no blink.
                    .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
                    .variable(LineReader.BLINK_MATCHING_PAREN, 0)
                    .build();
            terminal.handle(Terminal.Signal.INT, signal -> evaluator.interrupt());
            while (true) {
                String entry;
                try {
                    entry = reader.readLine(Style.CYAN.of(console, prompt));
                } catch (UserInterruptException e) {
                    continue;
                } catch (EndOfFileException e) {
                    return ExitCode.DONE;
                }
                if (entry.isBlank()) continue;
                if (entry.strip().equals(".exit")) return ExitCode.DONE;
                show(evaluator.evaluate(entry));
                terminal.flush();
            }
        }
    }

    private int runFromPipe() {
        int exitCode = ExitCode.DONE;
        var entry = new StringBuilder();
        try (var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = input.readLine(); line != null; line = input.readLine()) {
                entry.append(entry.isEmpty() ? "" : "\n").append(line);
                if (entry.toString().isBlank() || evaluator.isIncomplete(entry.toString())) continue;
                if (!show(evaluator.evaluate(entry.toString()))) exitCode = ExitCode.FAILED;
                entry.setLength(0);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (!entry.toString().isBlank() && !show(evaluator.evaluate(entry.toString()))) exitCode = ExitCode.FAILED;
        return exitCode;
    }

    /** Prints the value or the error; true if all went well. */
    private boolean show(Evaluation evaluation) {
        evaluation.value().ifPresent(value -> console.out().println(Console.printable(value)));
        evaluation.error().ifPresent(error -> console.err().println(Style.RED.of(console, Console.printable(error))));
        return evaluation.error().isEmpty();
    }

    /** Asks the language itself, not a count of brackets, whether an entry goes on in the next line. */
    private final class WholeEntries implements Parser {
        private final DefaultParser words = new DefaultParser();

        WholeEntries() {
            words.setEofOnUnclosedQuote(false);
            words.setEofOnUnclosedBracket((DefaultParser.Bracket[]) null);
            words.setEscapeChars(new char[0]);
            words.setQuoteChars(new char[0]);
        }

        @Override
        public ParsedLine parse(String line, int cursor, ParseContext context) {
            if (context == ParseContext.ACCEPT_LINE && !line.isBlank() && evaluator.isIncomplete(line))
                throw new EOFError(-1, -1, "the entry goes on");
            return words.parse(line, cursor, context);
        }
    }
}
