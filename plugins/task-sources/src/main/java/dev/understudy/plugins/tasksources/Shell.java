package dev.understudy.plugins.tasksources;

import java.util.List;

/** A shell whose histories are read. */
enum Shell {
    BASH("bash", ShellSyntax.POSIX),
    ZSH("zsh", ShellSyntax.ZSH),
    FISH("fish", ShellSyntax.FISH),
    TCSH("tcsh", ShellSyntax.POSIX),
    KSH("ksh", ShellSyntax.POSIX);

    private final String id;
    private final ShellSyntax syntax;

    Shell(String id, ShellSyntax syntax) {
        this.id = id;
        this.syntax = syntax;
    }

    /** Its name, which tasks and their ids carry. */
    String id() {
        return id;
    }

    ShellSyntax syntax() {
        return syntax;
    }

    /**
     * Whether the command holds patterns of file names that mean something else than they would in bash: a task says so
     * only then, since everything else is the same task whichever shell it was typed into.
     */
    boolean readsPatternsItsOwnWay(List<Token> tokens) {
        return this != BASH && tokens.stream().anyMatch(this::holdsPattern);
    }

    private boolean holdsPattern(Token token) {
        if (!token.word()) return false;
        String text = token.text();
        // What zsh adds under EXTENDED_GLOB, which a word that is quoted anywhere hides.
        String marks = this == ZSH && token.kind() == Token.Kind.PLAIN_WORD ? "*?[(^#" : "*?[";
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\') i++;
            else if (marks.indexOf(c) >= 0 && !(c != '*' && i > 0 && text.charAt(i - 1) == '$')) return true;
        }
        return false;
    }
}
