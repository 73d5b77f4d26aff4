package dev.understudy.plugins.automationtemplates;

import java.nio.file.Path;

/** A template's folder that is left out, with the place and the reason. */
final class TemplateException extends Exception {
    private static final long serialVersionUID = 1;

    TemplateException(Path file, int line, String key, String what) {
        super(file + ":" + line + ": " + (key.isEmpty() ? "" : "'" + key + "' ") + what);
    }
}
