package dev.understudy.core.triggers;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Remembers which automations stand behind the files that runs have written, so that no automation is started by its own
 * output, be it through others. Safe for use by several threads.
 */
final class Provenance {
    /** Older writes are forgotten: what matters is written seconds before a trigger looks. */
    private static final int MAX_PATHS = 100_000;

    private final Map<Path, Origin> origins = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Path, Origin> eldest) {
            return size() > MAX_PATHS;
        }
    };

    private record Origin(String fingerprint, Set<String> automations) {}

    /** A run wrote a file, and these automations had a part in it. */
    synchronized void wrote(Path path, String fingerprint, Set<String> automations) {
        origins.remove(path);
        origins.put(path, new Origin(fingerprint, Set.copyOf(automations)));
    }

    /** The automations behind a file in this state; none if something else wrote it. */
    synchronized Set<String> behind(Path path, String fingerprint) {
        Origin origin = origins.get(path);
        return origin != null && origin.fingerprint.equals(fingerprint) ? new TreeSet<>(origin.automations) : Set.of();
    }
}
