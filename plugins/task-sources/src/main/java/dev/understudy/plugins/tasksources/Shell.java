package dev.understudy.plugins.tasksources;

import java.util.List;

/** A shell whose histories are read. */
enum Shell {
    BASH("bash", ShellSyntax.POSIX),
    ZSH("zsh", ShellSyntax.ZSH),
    FISH("fish", ShellSyntax.FISH),
    TCSH("tcsh", ShellSyntax.POSIX),
    KSH("ksh", ShellSyntax.POSIX),
    POWERSHELL("powershell"),
    NUSHELL("nushell"),
    XONSH("xonsh");

    private final String id;
    private final ShellSyntax syntax;
    private final boolean foreign;

    Shell(String id, ShellSyntax syntax) {
        this.id = id;
        this.syntax = syntax;
        foreign = false;
    }

    /** One of another language. */
    Shell(String id) {
        this.id = id;
        syntax = ShellSyntax.POSIX;
        foreign = true;
    }

    /** Its name, which tasks and their ids carry. */
    String id() {
        return id;
    }

    /** Whether its language is another than that of the shells whose commands are read by their grammar. */
    boolean isForeign() {
        return foreign;
    }

    /** A command that was typed into it. */
    ShellCommand parse(String command) throws UnreadableEntryException {
        return foreign ? ForeignCommand.parse(command, this) : ShellCommand.parse(command, syntax);
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
