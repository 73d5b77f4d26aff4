package dev.understudy.plugins.tasksources;

/** Which shell's rules for quotes hold. */
enum ShellSyntax {
    /** The POSIX shell with the quotes and redirections that bash and zsh add. */
    POSIX,
    /** Backslash escapes inside single quotes, {@code (…)} for command substitution, no here-documents. */
    FISH
}
