package dev.understudy.app;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/** The version that the build wrote down. */
final class Version {
    private Version() {}

    static String text() {
        var properties = new Properties();
        try (InputStream resource = Version.class.getResourceAsStream("version.properties")) {
            if (resource == null) throw new IllegalStateException("version.properties is missing from the jar");
            properties.load(resource);
        } catch (IOException e) {
            throw new IllegalStateException("version.properties cannot be read", e);
        }
        return properties.getProperty("version");
    }
}
