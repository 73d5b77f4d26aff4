package dev.understudy.plugins.tasksources;

import java.util.Set;

/** The reserved words of the shells. */
final class ReservedWords {

    /** These begin a compound command, which names a task by itself: what it holds may be any number of commands. */
    private static final Set<String> COMPOUND =
            Set.of("for", "while", "until", "if", "case", "select", "function", "repeat", "foreach", "switch", "begin");

    private static final Set<String> BEFORE_COMMAND =
            Set.of("do", "then", "else", "elif", "if", "while", "until", "{", "!", "begin", "and", "or", "not");

    private ReservedWords() {}

    static boolean compound(String word) {
        return COMPOUND.contains(word);
    }

    /** Whether a command follows this word, so that a line end after it separates nothing. */
    static boolean precedesCommand(String word) {
        return BEFORE_COMMAND.contains(word);
    }
}
