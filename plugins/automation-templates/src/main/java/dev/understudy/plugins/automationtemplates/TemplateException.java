package dev.understudy.plugins.automationtemplates;

import dev.understudy.spi.AutomationTemplate.Problem;
import java.nio.file.Path;

/** A template's folder that is left out, with the place and the reason. */
final class TemplateException extends Exception {
    private static final long serialVersionUID = 1;

    private final transient Problem problem;

    TemplateException(Path file, int line, String key, String what) {
        super(file + ":" + line + ": " + (key.isEmpty() ? "" : "'" + key + "' ") + what);
        problem = new Problem(file, line, key, what);
    }

    Problem problem() {
        return problem;
    }
}
