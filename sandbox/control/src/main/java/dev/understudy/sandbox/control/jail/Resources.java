package dev.understudy.sandbox.control.jail;

import java.io.IOException;
import java.io.InputStream;

/** The scripts that belong to the jail itself, read from the jar. */
final class Resources {
    private Resources() {}

    static byte[] bytes(String name) throws IOException {
        try (InputStream stream = Resources.class.getResourceAsStream(name)) {
            if (stream == null) throw new IllegalStateException(name + " is missing from the jar");
            return stream.readAllBytes();
        }
    }
}
