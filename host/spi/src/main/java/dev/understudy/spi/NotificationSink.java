package dev.understudy.spi;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.pf4j.ExtensionPoint;

/**
 * A way to tell a person something: a window on the desktop, a message, a mail.
 *
 * <p>The host reads the sink's section of the configuration, checks it against {@link #settings} and opens one channel.
 * What a sink throws is told to the person by the sink's name, and stops nothing.
 */
public interface NotificationSink extends ExtensionPoint {
    /** Stable name, which is the key of its section below {@code notifications:}; lower-case letters, digits and {@code _}. */
    String name();

    /** All keys that its section may have. */
    List<Setting> settings();

    /**
     * Opens the sink. Nothing is sent, and nothing need be reachable yet.
     *
     * @param settings by key: a String, a Long, a Boolean or a {@code List<String>}, as the setting says; all that are
     *     required, and none that {@link #settings} does not name
     * @throws IllegalArgumentException if a value does not do; its message starts with the key and says what is allowed
     */
    Channel open(Map<String, Object> settings);

    /** An open sink; used by one thread at a time. */
    interface Channel extends AutoCloseable {
        /**
         * Delivers, or fails within a minute. What is worth retrying is retried in here. May be interrupted when the host
         * goes down.
         */
        void send(Notification notification) throws IOException, InterruptedException;

        /** Frees what the channel holds. */
        @Override
        default void close() {}
    }

    /**
     * One key of a sink's section.
     *
     * @param allowed what its value may be, as a noun phrase: "the address of the server"
     */
    record Setting(String key, Type type, Need need, String allowed) {
        public Setting {
            if (!key.matches("[a-z][a-z0-9_]*"))
                throw new IllegalArgumentException("key must be lower-case letters, digits and _, was '" + key + "'");
        }
    }

    /** What a setting holds. */
    enum Type {
        TEXT,
        INTEGER,
        FLAG,
        /** A list of texts. */
        TEXTS
    }

    /** Whether a setting must be there. */
    enum Need {
        REQUIRED,
        OPTIONAL
    }
}
