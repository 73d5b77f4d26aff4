package dev.understudy.core;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Something that a person can mend; its message stands alone: what is wrong, why, and how to mend it.
 *
 * <p>One line, except where several mistakes of a file are reported at once: then a line for each.
 */
public final class UserException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** What kind of error it is; decides the exit code. */
    public enum Category {
        /** What was asked for did not work. */
        FAILED(1),
        /** The input, the configuration or the command line is wrong. */
        BAD_INPUT(2),
        /** It would work, but is not allowed. */
        NOT_ALLOWED(4);

        private final int exitCode;

        Category(int exitCode) {
            this.exitCode = exitCode;
        }

        public int exitCode() {
            return exitCode;
        }
    }

    private final Category category;
    private final transient List<Mistake> mistakes;

    private UserException(Category category, String message, List<Mistake> mistakes, @Nullable Throwable cause) {
        super(message, cause);
        this.category = category;
        this.mistakes = List.copyOf(mistakes);
    }

    /** What was asked for did not work. */
    public static UserException failed(String what, String why, String mend) {
        return new UserException(Category.FAILED, sentence(what, why, mend), List.of(), null);
    }

    /** What was asked for did not work because of {@code cause}. */
    public static UserException failed(String what, String why, String mend, Throwable cause) {
        return new UserException(Category.FAILED, sentence(what, why, mend), List.of(), cause);
    }

    /** The input is wrong. */
    public static UserException badInput(String what, String why, String mend) {
        return new UserException(Category.BAD_INPUT, sentence(what, why, mend), List.of(), null);
    }

    /** A file has mistakes: at least one. */
    public static UserException badInput(List<Mistake> mistakes) {
        if (mistakes.isEmpty()) throw new IllegalArgumentException("mistakes must not be empty");
        String message = mistakes.stream().map(Mistake::toString).collect(Collectors.joining("\n"));
        return new UserException(Category.BAD_INPUT, message, mistakes, null);
    }

    /** It is not allowed. */
    public static UserException notAllowed(String what, String why, String mend) {
        return new UserException(Category.NOT_ALLOWED, sentence(what, why, mend), List.of(), null);
    }

    public Category category() {
        return category;
    }

    /** The mistakes of a file, in its order; empty for other errors. */
    public List<Mistake> mistakes() {
        return mistakes;
    }

    /** Joins the parts to one line: {@code what: why. Mend.} */
    private static String sentence(String what, String why, String mend) {
        return (what + ": " + why + ". " + mend).replaceAll("\\R+", " ").strip();
    }
}
