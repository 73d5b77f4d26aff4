package dev.understudy.app;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Turns what went wrong into one line on standard error and an exit code; a stack trace only under {@code --debug}. */
final class Errors {
    private Errors() {}

    static int report(Console console, Throwable thrown, boolean debug) {
        console.err().println("understudy: " + Console.printable(line(thrown)));
        if (debug) thrown.printStackTrace(console.err());
        return exitCode(thrown);
    }

    private static String line(Throwable thrown) {
        return switch (thrown) {
            case NoSuchFileException e -> "no such file: " + e.getFile() + ". Check the path.";
            case AccessDeniedException e ->
                "no permission for " + e.getFile() + ". Change its permissions or name another.";
            case FileSystemException e -> e.getFile() + ": " + e.getReason() + ".";
            case IOException e -> String.valueOf(e.getMessage());
            default -> "a mistake of Understudy's own: " + thrown + ". Please report it with what --debug prints.";
        };
    }

    private static int exitCode(Throwable thrown) {
        return switch (thrown) {
            case NoSuchFileException _ -> ExitCode.BAD_INPUT;
            default -> ExitCode.FAILED;
        };
    }
}
