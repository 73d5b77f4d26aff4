package dev.understudy.plugins.automationtemplates;

import dev.understudy.spi.ScriptLanguage;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** How a script of each language reads a parameter. */
final class ParameterUse {
    private ParameterUse() {}

    /** Finds each place where a script reads a parameter; see {@link #name}. */
    static Pattern in(ScriptLanguage language) {
        return switch (language) {
            case PYTHON -> Pattern.compile("\\bparams\\[\"([a-z][a-z0-9_]*)\"]");
            case JAVASCRIPT -> Pattern.compile("\\bparams\\.([a-z][a-z0-9_]*)\\b");
            case BASH -> Pattern.compile("\\bPARAM_([A-Z][A-Z0-9_]*)\\b");
            case APPLESCRIPT -> Pattern.compile("'s \\|([a-z][a-z0-9_]*)\\|");
        };
    }

    /** The name of the parameter at a place that {@link #in} found. */
    static String name(MatchResult use) {
        return use.group(1).toLowerCase(Locale.ROOT);
    }

    /** The text that reads a parameter. */
    static String of(ScriptLanguage language, String parameter) {
        return switch (language) {
            case PYTHON -> "params[\"" + parameter + "\"]";
            case JAVASCRIPT -> "params." + parameter;
            case BASH -> "PARAM_" + parameter.toUpperCase(Locale.ROOT);
            case APPLESCRIPT -> "'s |" + parameter + "|";
        };
    }
}
