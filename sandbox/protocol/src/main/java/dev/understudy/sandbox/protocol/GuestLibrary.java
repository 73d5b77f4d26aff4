package dev.understudy.sandbox.protocol;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * What a script's value becomes, written in the script's own language: one text for cells and for the jail's native
 * drivers, so that both give the same JSON for the same value and name a cause alike.
 */
public enum GuestLibrary {
    /** An expression: an object of functions. */
    JAVASCRIPT("results.js"),
    /** Defines {@code sharing()}, which returns a dict of functions. */
    PYTHON("results.py");

    private final String file;

    GuestLibrary(String file) {
        this.file = file;
    }

    /** Its source. */
    public String text() {
        try (InputStream stream = GuestLibrary.class.getResourceAsStream(file)) {
            if (stream == null) throw new IllegalStateException(file + " is missing from the jar");
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
