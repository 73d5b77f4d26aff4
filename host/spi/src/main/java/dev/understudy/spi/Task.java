package dev.understudy.spi;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/**
 * One thing that a person or a program did.
 *
 * <p>A task that came from a shell has the program (and subcommand) as its type, for example {@code cp} or
 * {@code git commit}, and these parameters:
 *
 * <ul>
 *   <li>{@code command}: the whole entry as it was typed, secrets replaced;
 *   <li>{@code arguments}: a list of the words after the type, quotes removed. Unquoted operators ({@code |},
 *       {@code >}, {@code 2>}, {@code &&}, {@code ;} …) are words of their own; a quoted word that would read as an
 *       operator keeps its quotes. A quoted glob character keeps a backslash before it ({@code \*}); tilde and
 *       variables are not expanded. {@code <<} is followed by the here-document's text in the place of its delimiter, and
 *       a line end that separates two commands is a {@code ;}. What stands before or between the words of the type, as
 *       {@code -u bob} in {@code sudo -u bob apt install x}, comes first. A byte that is no UTF-8 is the private use
 *       character U+EF00 plus that byte.
 *   <li>{@code working_directory}: where it ran, only if the source knows. Absolute, or below the person's home as
 *       {@code ~/…}.
 *   <li>{@code shell}: which shell it was typed into, only if its words hold an unquoted pattern of file names that bash
 *       (without {@code globstar} and {@code extglob}) would read in another way: {@code zsh}, {@code fish} and the like.
 * </ul>
 *
 * A task from a file of tasks has the parameters of that file, and relative paths in them are relative to its
 * {@value #WORKING_DIRECTORY} parameter.
 *
 * @param id unique among all tasks; importing the same task again gives the same id
 * @param type what kind of task it is; not blank
 * @param description one line for people; may be empty
 * @param parameters JSON values as String, Long, Double, Boolean, List and Map, in the order of the source; no nulls
 * @param timestamp when it started. A source without time stamps gives estimates that keep the order: one second from
 *     one task to the next, the last at the file's modification time.
 * @param duration how long it took; zero if the source does not record it
 * @param success whether it did what it was meant to; true if the source does not record it
 */
public record Task(
        String id,
        String type,
        String description,
        Map<String, Object> parameters,
        Instant timestamp,
        Duration duration,
        boolean success) {

    /** Name of the parameter that holds the absolute path of the folder in which the task ran. */
    public static final String WORKING_DIRECTORY = "working_directory";

    /** Name of the parameter that says which shell's patterns of file names a shell task holds; without it bash's. */
    public static final String SHELL = "shell";

    /** Name of the parameter that holds a shell task's words. */
    public static final String ARGUMENTS = "arguments";

    /** Name of the parameter that holds a shell task's entry as typed. */
    public static final String COMMAND = "command";

    /**
     * Name of the parameter that says which files the task changed, only if the source knows: an object with
     * {@code before}, a list of {@code {path, text}} or {@code {path, directory: true}} for what the task found, and
     * {@code after}, a list of {@code {path, kind, text}} for what it left, where the kind is {@code created},
     * {@code changed} or {@code deleted}. It is no part of what the task was asked to do.
     */
    public static final String EFFECTS = "effects";

    public Task {
        if (id.isBlank()) throw new IllegalArgumentException("id must not be blank");
        if (type.isBlank()) throw new IllegalArgumentException("type must not be blank (task " + id + ")");
        if (duration.isNegative())
            throw new IllegalArgumentException("duration must not be negative, was " + duration + " (task " + id + ")");
        parameters = Json.copyOf(parameters);
    }
}
