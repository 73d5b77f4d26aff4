package dev.understudy.plugins.tasksources;

/** Which shell's rules for quotes hold. */
enum ShellSyntax {
    /** The POSIX shell with the quotes and redirections that bash adds. */
    POSIX,
    /** The same, and parentheses inside a word belong to it: {@code report.(csv|txt)}, {@code *(.)}. */
    ZSH,
    /** Backslash escapes inside single quotes, {@code (…)} for command substitution, no here-documents. */
    FISH
}
