package dev.understudy.core.problem;

/**
 * One mistake in a file that a person wrote.
 *
 * @param file as the person knows it
 * @param line counted from 1
 * @param column counted from 1
 * @param key the dotted name of the entry; empty if the file cannot be read that far
 * @param found what is there
 * @param allowed what may be there, and what the person probably meant
 */
public record Mistake(String file, int line, int column, String key, String found, String allowed) {

    /** One line: {@code file:line:column: key is found, but must be allowed}. */
    @Override
    public String toString() {
        String place = file + ":" + line + ":" + column + ": ";
        String text = key.isEmpty() ? found + "; " + allowed : "'" + key + "' " + found + ", " + allowed;
        return (place + text).replaceAll("\\R+", " ") + (allowed.endsWith(".") || allowed.endsWith("?") ? "" : ".");
    }
}
