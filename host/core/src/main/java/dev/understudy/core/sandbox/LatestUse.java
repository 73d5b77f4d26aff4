package dev.understudy.core.sandbox;

import dev.understudy.core.config.DataHome;
import dev.understudy.sandbox.control.RunRequest.Language;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * When each language was used last on a data home, by the times of empty files there: what was used lately is likely to be
 * wanted again. Safe for use by several threads and processes.
 */
final class LatestUse {
    /** More exactly nobody wants to know it. */
    private static final Duration EXACT = Duration.ofHours(1);

    private final Path folder;
    private final InstantSource clock;
    private final Map<Language, Instant> noted = new ConcurrentHashMap<>();

    LatestUse(Path folder, InstantSource clock) {
        this.folder = folder;
        this.clock = clock;
    }

    /** It is used now. Where that cannot be kept, nothing is made ready for it. */
    void note(Language language) {
        Instant now = clock.instant();
        Instant before = noted.get(language);
        if (before != null && before.plus(EXACT).isAfter(now)) return;
        noted.put(language, now);
        try {
            DataHome.createPrivate(folder);
            Path file = file(language);
            DataHome.createPrivateFile(file);
            Files.setLastModifiedTime(file, FileTime.from(now));
        } catch (IOException _) {
            // The data home may be read-only.
        }
    }

    /** Whether it was used so lately. */
    boolean within(Language language, Duration time) {
        try {
            return Files.getLastModifiedTime(file(language))
                    .toInstant()
                    .isAfter(clock.instant().minus(time));
        } catch (IOException _) {
            return false;
        }
    }

    private Path file(Language language) {
        return folder.resolve(language.name().toLowerCase(Locale.ROOT));
    }
}
