package dev.understudy.core.triggers;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Tells from one look at a folder to the next which files have changed and have then stayed as they are for a while. Not
 * safe for use by several threads.
 */
final class SettledFiles {
    private final long settleNanos;
    private final Map<String, String> seen;
    private final Map<String, Candidate> candidates = new HashMap<>();

    /** A state that a file was first found in at a time. */
    private record Candidate(String fingerprint, long sinceNanos) {}

    /** @param seen fingerprints by path of the files that are no news */
    SettledFiles(Duration settle, Map<String, String> seen) {
        this.settleNanos = settle.toNanos();
        this.seen = new HashMap<>(seen);
    }

    /**
     * Looks once.
     *
     * @param nowNanos of a clock that never goes back
     * @param listing fingerprints by path
     * @return paths that have settled, those that were changed first, first
     */
    List<String> look(long nowNanos, Map<String, String> listing) {
        candidates.keySet().retainAll(listing.keySet());
        var settled = new ArrayList<Map.Entry<String, Candidate>>();
        listing.forEach((path, fingerprint) -> {
            if (fingerprint.equals(seen.get(path))) {
                candidates.remove(path);
                return;
            }
            Candidate candidate = candidates.get(path);
            if (candidate == null || !candidate.fingerprint.equals(fingerprint))
                candidates.put(path, new Candidate(fingerprint, nowNanos));
            else if (nowNanos - candidate.sinceNanos >= settleNanos) settled.add(Map.entry(path, candidate));
        });
        return settled.stream()
                .sorted(java.util.Comparator.comparingLong(
                                (Map.Entry<String, Candidate> entry) -> entry.getValue().sinceNanos)
                        .thenComparing(Map.Entry::getKey))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Paths that were seen and are no longer there; they are news when they come back. */
    List<String> forgetAbsent(Map<String, String> listing) {
        List<String> absent = seen.keySet().stream()
                .filter(path -> !listing.containsKey(path))
                .toList();
        absent.forEach(seen::remove);
        return absent;
    }

    /** Takes a file in this state as no news. */
    void see(String path, String fingerprint) {
        seen.put(path, fingerprint);
        Candidate candidate = candidates.get(path);
        if (candidate != null && candidate.fingerprint.equals(fingerprint)) candidates.remove(path);
    }

    /** When the next candidate may have settled; empty if there is none. */
    OptionalLong nextLookNanos() {
        return candidates.values().stream()
                .mapToLong(candidate -> candidate.sinceNanos + settleNanos)
                .min();
    }
}
