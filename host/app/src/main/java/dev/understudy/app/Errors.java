package dev.understudy.app;

import dev.understudy.core.problem.UserException;
import dev.understudy.sandbox.control.Exhausted;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;

/** Turns what went wrong into one line on standard error and an exit code; a stack trace only under {@code --debug}. */
final class Errors {
    private Errors() {}

    static int report(Console console, Throwable thrown, boolean debug) {
        // Who has ended it knows.
        if (thrown instanceof InterruptedException) return ExitCode.INTERRUPTED;
        String prefix = thrown instanceof UserException user && !user.mistakes().isEmpty() ? "" : "understudy: ";
        console.err().println(prefix + Console.printable(line(thrown)));
        if (debug) thrown.printStackTrace(console.err());
        return exitCode(thrown);
    }

    private static String line(Throwable thrown) {
        return switch (thrown) {
            case UserException e -> String.valueOf(e.getMessage());
            case Throwable e
            when Exhausted.behind(e).isPresent() -> {
                Exhausted exhausted = Exhausted.behind(e).orElseThrow();
                yield exhausted.why() + ". " + exhausted.mend() + ".";
            }
            case NoSuchFileException e -> "no such file: " + e.getFile() + ". Check the path.";
            case AccessDeniedException e ->
                "no permission for " + e.getFile() + ". Change its permissions or name another.";
            case InvalidPathException e -> Arguments.cannotName(e.getInput());
            case FileSystemException e -> e.getFile() + ": " + e.getReason() + ".";
            case IOException e -> String.valueOf(e.getMessage());
            default -> "a mistake of Understudy's own: " + thrown + ". Please report it with what --debug prints.";
        };
    }

    private static int exitCode(Throwable thrown) {
        return switch (thrown) {
            case UserException e -> e.category().exitCode();
            case NoSuchFileException _, InvalidPathException _ -> ExitCode.BAD_INPUT;
            case InterruptedException _ -> ExitCode.INTERRUPTED;
            default -> ExitCode.FAILED;
        };
    }
}
