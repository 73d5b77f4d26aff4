package dev.understudy.core.plugin;

/** A plugin did not do what it was asked for in a way that its extension point does not know; the message says how. */
final class PluginFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    PluginFailure(String message) {
        super(message);
    }
}
