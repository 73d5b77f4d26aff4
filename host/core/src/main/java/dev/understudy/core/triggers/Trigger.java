package dev.understudy.core.triggers;

import java.time.Duration;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What starts an automation beside a person, as its metadata says. */
public sealed interface Trigger {
    /** The same for triggers that say the same; names the trigger in the store and in what people read. */
    String key();

    /** What becomes of what should have happened while the host was down or the machine slept. */
    enum Missed {
        /** Nothing. */
        SKIP,
        /** The latest one is made up for. */
        RUN_ONCE,
        /** All are made up for, up to {@link Schedule#MAX_MISSED}. */
        RUN_ALL;

        /** The name in metadata. */
        public String id() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Fires at the times of a cron expression.
     *
     * @param zone in which the expression counts; empty for the machine's own
     */
    record Cron(CronExpression expression, Optional<ZoneId> zone, Missed missed) implements Trigger {
        @Override
        public String key() {
            return "cron " + expression + zone.map(id -> " " + id).orElse("");
        }
    }

    /**
     * Fires once for each file that appears or changes, when it has not changed for a while. What goes away fires nothing.
     *
     * @param path a file, or a folder whose files are meant (not those in folders below it); may start with {@code ~}
     * @param pattern a glob for the names of a folder's files; a leading dot must be written out
     * @param settle how long a file must stay as it is
     * @param parameter which receives the file's path; empty if none does
     */
    record FileChange(String path, String pattern, Duration settle, Optional<String> parameter, Missed missed)
            implements Trigger {
        @Override
        public String key() {
            return "path " + path + " " + pattern;
        }
    }

    /**
     * Fires for each task of a type that is recorded.
     *
     * @param where by the task's parameter, what its value must look like; <code>{name}</code> stands for any text, which
     *     the automation's parameter of this name receives
     */
    record TaskRecorded(String type, Map<String, String> where) implements Trigger {
        public TaskRecorded {
            where = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(where));
        }

        @Override
        public String key() {
            return "task " + type + (where.isEmpty() ? "" : " " + where);
        }
    }

    /** Fires when a program on this machine sends a POST request with the automation's token. */
    record Webhook() implements Trigger {
        @Override
        public String key() {
            return "webhook";
        }
    }
}
