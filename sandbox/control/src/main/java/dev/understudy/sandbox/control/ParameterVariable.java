package dev.understudy.sandbox.control;

import java.util.Locale;

/** The variable of the environment in which a program finds a parameter. */
public final class ParameterVariable {
    private ParameterVariable() {}

    /** {@code PARAM_} and the name in capitals, with an underscore for what a variable's name cannot hold. */
    public static String of(String parameter) {
        return "PARAM_" + parameter.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
    }
}
