package dev.understudy.app;

import dev.understudy.core.Understudy;
import dev.understudy.core.problem.UserException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.jline.reader.Completer;
import org.jline.reader.EOFError;
import org.jline.reader.EndOfFileException;
import org.jline.reader.Highlighter;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.Parser;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;

/**
 * Reads, evaluates and prints. On a terminal with history and multi-line editing; from a pipe without prompts, so that
 * {@code echo '1 + 1' | understudy repl js} prints {@code 2}.
 */
public final class Repl {
    private final Console console;
    private final Evaluator evaluator;

    /**
     * The REPL in another program: {@code Repl.on(understudy).run(terminal)}. It speaks JavaScript, Python and Bash in the
     * sandbox, may read and change what the person grants it, and sees what the engine knows.
     */
    public static ReplOnEngine on(Understudy understudy) {
        return new ReplOnEngine(understudy);
    }

    Repl(Console console, Evaluator evaluator) {
        this.console = console;
        this.evaluator = evaluator;
    }

    /** What evaluates. */
    interface Evaluator {
        /** What stands before the mark of the prompt. */
        String prompt();

        /** What the person is to know of each entry before it is typed; empty if nothing. */
        default String warning() {
            return "";
        }

        EntryStyle style();

        /** Whether a line is a word of the REPL's own, and so neither goes on an entry nor goes on itself. */
        boolean isWord(String line);

        /** Whether an entry goes on in the next line; nothing of it is done. */
        boolean isUnfinished(String entry) throws IOException, InterruptedException;

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

        /** The person wants to end. */
        record Ended() implements Evaluation {}
    }

    /** What a terminal adds to it. */
    record Comfort(Completer completer, Highlighter highlighter, Path historyFile) {}

    /** Runs on a terminal until the person ends it; returns the exit code. */
    int run(Terminal terminal, Comfort comfort) throws IOException, InterruptedException {
        var builder = LineReaderBuilder.builder()
                .terminal(terminal)
                .parser(this::parsed)
                .completer(comfort.completer())
                .variable(LineReader.HISTORY_FILE, comfort.historyFile())
                .variable(LineReader.BELL_STYLE, "none")
                // A '!' in JavaScript is no history expansion, and a bracket needs no blink.
                .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
                .option(LineReader.Option.AUTO_LIST, true)
                .option(LineReader.Option.CASE_INSENSITIVE, false)
                .variable(LineReader.BLINK_MATCHING_PAREN, 0);
        if (console.isStyled()) builder.highlighter(comfort.highlighter());
        LineReader reader = builder.build();
        terminal.handle(Terminal.Signal.INT, _ -> evaluator.interrupt());
        while (true) {
            reader.setVariable(
                    LineReader.SECONDARY_PROMPT_PATTERN,
                    Style.DIM.of(
                            console, " ".repeat(Math.max(0, evaluator.prompt().length() - 2)) + "... "));
            String entry;
            try {
                String warning = evaluator.warning();
                // In one piece, and in another colour: nobody is to take one prompt for the other.
                entry = reader.readLine(
                        warning.isEmpty()
                                ? Style.CYAN.of(console, evaluator.prompt() + "> ")
                                : Style.RED.of(console, evaluator.prompt() + " " + warning + "> "));
            } catch (UserInterruptException _) {
                continue;
            } catch (EndOfFileException _) {
                return ExitCode.DONE;
            }
            if (entry.isBlank()) continue;
            Evaluation evaluation = evaluator.evaluate(entry);
            // What is whole to the eye may lack its end by the language's own rules.
            if (evaluation instanceof Evaluation.Incomplete) evaluation = evaluator.evaluate(entry + "\n");
            if (evaluation instanceof Evaluation.Ended) return ExitCode.DONE;
            if (evaluation instanceof Evaluation.Incomplete)
                evaluation = new Evaluation.Failed("the entry ends in the middle of something; it was not evaluated.");
            show(evaluation);
        }
    }

    /** Enter ends an entry that is whole, and begins another line of one that is not. */
    private ReplLine parsed(String line, int cursor, Parser.ParseContext context) {
        if (context == Parser.ParseContext.ACCEPT_LINE && isUnfinished(line))
            throw new EOFError(-1, -1, "the entry goes on in the next line");
        return ReplLine.of(line, cursor, ReplLanguage.of(evaluator.prompt()).orElseThrow());
    }

    private boolean isUnfinished(String entry) {
        try {
            return evaluator.isUnfinished(entry);
        } catch (IOException | UserException _) {
            // To evaluate it meets the same, and tells it.
            return false;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Runs until the end of the input; returns the exit code. */
    int runFromPipe(InputStream pipe) throws IOException, InterruptedException {
        boolean failed = false;
        var entry = new StringBuilder();
        var input = new BufferedReader(new InputStreamReader(pipe, StandardCharsets.UTF_8));
        String line = input.readLine();
        while (line != null) {
            // Whoever waits for an answer to each line has sent no more; a program that is piped in has.
            String next = input.ready() ? input.readLine() : null;
            Outcome outcome = take(entry, line, Optional.ofNullable(next));
            if (outcome == Outcome.ENDED) break;
            failed |= outcome == Outcome.FAILED;
            line = next != null ? next : input.readLine();
        }
        if (!entry.isEmpty()) failed |= take(entry, "", Optional.empty()) != Outcome.GOOD || !entry.isEmpty();
        if (!entry.isEmpty()) console.err().println("understudy: the input ends in the middle of an entry.");
        return failed ? ExitCode.FAILED : ExitCode.DONE;
    }

    /** What became of a line. */
    private enum Outcome {
        GOOD,
        FAILED,
        ENDED
    }

    /** Adds a line to the entry and evaluates it if it is whole, as far as the line after it tells. */
    private Outcome take(StringBuilder entry, String line, Optional<String> next)
            throws IOException, InterruptedException {
        EntryStyle style = evaluator.style();
        if (!entry.isEmpty() && (style.endsBefore(entry.toString(), line) || evaluator.isWord(line))) {
            Outcome before = evaluate(entry, entry + "\n");
            if (before != Outcome.GOOD) return before;
        }
        entry.append(entry.isEmpty() ? "" : "\n").append(line);
        if (entry.toString().isBlank()) {
            entry.setLength(0);
            return Outcome.GOOD;
        }
        boolean goesOn = next.isPresent()
                && !evaluator.isWord(entry.toString())
                && !evaluator.isWord(next.get())
                && style.goesOn(entry.toString(), next.get());
        return goesOn ? Outcome.GOOD : evaluate(entry, entry.toString());
    }

    /** Evaluates what is to be one entry, and begins anew unless it is the beginning of a longer one. */
    private Outcome evaluate(StringBuilder entry, String text) throws IOException, InterruptedException {
        Evaluation evaluation = evaluator.evaluate(text);
        if (evaluation instanceof Evaluation.Incomplete) return Outcome.GOOD;
        entry.setLength(0);
        return show(evaluation);
    }

    private Outcome show(Evaluation evaluation) {
        return switch (evaluation) {
            case Evaluation.Value(String shown) -> {
                if (!shown.isEmpty()) console.out().println(Console.printable(shown));
                yield Outcome.GOOD;
            }
            case Evaluation.Failed(String error) -> {
                console.err().println(Style.RED.of(console, Console.printable(error)));
                yield Outcome.FAILED;
            }
            case Evaluation.Ended _ -> Outcome.ENDED;
            case Evaluation.Incomplete _ -> Outcome.GOOD;
        };
    }
}
