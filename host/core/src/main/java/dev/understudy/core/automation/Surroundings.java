package dev.understudy.core.automation;

import java.nio.file.Path;

/**
 * What paths in an automation are relative to.
 *
 * @param userHome what {@code ~} stands for; absolute
 * @param workingDirectory to which relative paths belong; absolute
 */
public record Surroundings(Path userHome, Path workingDirectory) {
    public Surroundings {
        if (!userHome.isAbsolute() || !workingDirectory.isAbsolute())
            throw new IllegalArgumentException("must be absolute: " + userHome + ", " + workingDirectory);
        userHome = userHome.normalize();
        workingDirectory = workingDirectory.normalize();
    }

    /** Writes a leading {@code ~} out; what else the text says stays as it is. */
    String expandTilde(String text) {
        if (text.equals("~")) return userHome.toString();
        return text.startsWith("~/") ? userHome + text.substring(1) : text;
    }

    /** The absolute, normalised path that a text means; the text holds no NUL. */
    Path resolve(String text) {
        return workingDirectory.resolve(expandTilde(text)).normalize();
    }
}
