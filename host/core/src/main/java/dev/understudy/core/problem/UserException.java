package dev.understudy.core.problem;

import dev.understudy.sandbox.control.Exhausted;
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
    private final transient Parts parts;

    /**
     * The message in its parts.
     *
     * @param what is wrong
     * @param why that is so; empty if the mistakes of a file say it
     * @param mend how to mend it; empty likewise
     */
    public record Parts(String what, String why, String mend) {}

    private UserException(Category category, Parts parts, @Nullable Throwable cause) {
        super(sentence(parts.what(), parts.why(), parts.mend()), cause);
        this.category = category;
        this.mistakes = List.of();
        this.parts = parts;
    }

    private UserException(String message, List<Mistake> mistakes) {
        super(message);
        this.category = Category.BAD_INPUT;
        this.mistakes = List.copyOf(mistakes);
        this.parts = new Parts(message, "", "");
    }

    /** What was asked for did not work. */
    public static UserException failed(String what, String why, String mend) {
        return new UserException(Category.FAILED, new Parts(what, why, mend), null);
    }

    /**
     * What was asked for did not work because of {@code cause}. Where something of the machine is used up behind it, that is
     * what the message says, in place of {@code why} and {@code mend}.
     */
    public static UserException failed(String what, String why, String mend, Throwable cause) {
        Parts parts = Exhausted.behind(cause)
                .map(exhausted -> new Parts(what, exhausted.why(), exhausted.mend()))
                .orElse(new Parts(what, why, mend));
        return new UserException(Category.FAILED, parts, cause);
    }

    /** The input is wrong. */
    public static UserException badInput(String what, String why, String mend) {
        return new UserException(Category.BAD_INPUT, new Parts(what, why, mend), null);
    }

    /** A file has mistakes: at least one. */
    public static UserException badInput(List<Mistake> mistakes) {
        if (mistakes.isEmpty()) throw new IllegalArgumentException("mistakes must not be empty");
        String message = mistakes.stream().map(Mistake::toString).collect(Collectors.joining("\n"));
        return new UserException(message, mistakes);
    }

    /** It is not allowed. */
    public static UserException notAllowed(String what, String why, String mend) {
        return new UserException(Category.NOT_ALLOWED, new Parts(what, why, mend), null);
    }

    public Category category() {
        return category;
    }

    /** The mistakes of a file, in its order; empty for other errors. */
    public List<Mistake> mistakes() {
        return mistakes;
    }

    /** The message in its parts, for programs that show them apart. */
    public Parts parts() {
        return parts;
    }

    /** Joins the parts to one line: {@code what: why. Mend.} */
    private static String sentence(String what, String why, String mend) {
        return (what + ": " + why + ". " + mend).replaceAll("\\R+", " ").strip();
    }
}
