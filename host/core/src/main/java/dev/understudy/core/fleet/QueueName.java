package dev.understudy.core.fleet;

import dev.understudy.sandbox.control.IsolationLevel;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A queue of requests that are alike in what they ask of a host.
 *
 * @param place where they may run
 * @param language as {@link Publication#language} has it
 * @param isolation that must be given
 */
public record QueueName(Place place, String language, IsolationLevel isolation) {
    /** A server takes a subject with a wildcard in it for one that it can publish to, so names are checked here. */
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,39}");

    public QueueName {
        requireName("language", language);
    }

    /** Where a request may run. */
    public sealed interface Place {
        /** As a part of a subject, and for people. */
        String text();
    }

    /** On any host that can; the less it has to do, the sooner it asks. */
    public record Anywhere() implements Place {
        @Override
        public String text() {
            return "any";
        }
    }

    /** On a host of this label. */
    public record Labelled(String label) implements Place {
        public Labelled {
            requireName("label", label);
        }

        @Override
        public String text() {
            return "label." + label;
        }
    }

    /** On one host. */
    public record On(String node) implements Place {
        public On {
            requireName("node", node);
        }

        @Override
        public String text() {
            return "node." + node;
        }
    }

    /** Whether a text may name a label, a host or a language: lower-case letters, digits and {@code -}, at most 40. */
    public static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }

    private static void requireName(String what, String text) {
        if (!isName(text)) throw new IllegalArgumentException(what + " is '" + text + "'");
    }

    /** Its parts with dots between them. */
    public String text() {
        return place.text() + "." + language + "." + isolation.id();
    }

    /**
     * Reads {@link #text}.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static QueueName parse(String text) {
        String[] parts = text.split("\\.", -1);
        boolean any = parts.length == 3 && parts[0].equals("any");
        if (!any && parts.length != 4) throw new IllegalArgumentException("'" + text + "' names no queue");
        Place place = any
                ? new Anywhere()
                : switch (parts[0]) {
                    case "label" -> new Labelled(parts[1]);
                    case "node" -> new On(parts[1]);
                    default -> throw new IllegalArgumentException("'" + text + "' names no queue");
                };
        return new QueueName(
                place,
                parts[parts.length - 2],
                IsolationLevel.valueOf(parts[parts.length - 1].toUpperCase(Locale.ROOT)));
    }
}
