package dev.understudy.core.automation;

import org.jspecify.annotations.Nullable;

/**
 * A parameter that an automation declares.
 *
 * @param fallback its default; null if a value must be given
 * @param description one line for people; may be empty
 */
public record ScriptParameter(
        String name, ParameterType type, @Nullable Object fallback, String description) {}
