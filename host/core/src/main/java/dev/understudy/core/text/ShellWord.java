package dev.understudy.core.text;

/** Words of commands that a person is told to type in a shell. */
public final class ShellWord {
    private ShellWord() {}

    /** The word as POSIX shells, zsh and fish read it as one, in quotes where it needs them. */
    public static String quoted(String word) {
        return word.matches("[A-Za-z0-9_./:=@%+,-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
