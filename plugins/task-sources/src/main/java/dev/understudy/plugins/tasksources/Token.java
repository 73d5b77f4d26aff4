package dev.understudy.plugins.tasksources;

/**
 * A token of a shell command.
 *
 * @param text of a word with its quotes removed; of an operator as written
 */
record Token(Kind kind, String text) {
    enum Kind {
        /** A word without any quotes, which may be a reserved word or an assignment. */
        PLAIN_WORD,
        /** A word of which some part was quoted. */
        QUOTED_WORD,
        /** {@code |}, {@code &&}, {@code ;} and the like, parentheses: what ends a simple command. */
        CONTROL,
        /** {@code >}, {@code 2>>}, {@code <<} and the like; the next token is what it refers to. */
        REDIRECTION,
        NEWLINE
    }

    boolean word() {
        return kind == Kind.PLAIN_WORD || kind == Kind.QUOTED_WORD;
    }
}
