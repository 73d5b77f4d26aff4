package dev.understudy.core.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.sandbox.control.RunRequest.Language;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which language is likely to be wanted again. */
class LatestUseTest {
    private static final Instant MONDAY = Instant.parse("2026-11-09T09:00:00Z");

    @TempDir
    Path folder;

    private LatestUse at(Instant now) {
        return new LatestUse(folder.resolve("used"), () -> now);
    }

    @Test
    void knowsForSomeDaysWhatAnotherProcessUsed() {
        at(MONDAY).note(Language.PYTHON);
        LatestUse wednesday = at(MONDAY.plus(Duration.ofDays(2)));
        assertThat(wednesday.within(Language.PYTHON, Duration.ofDays(3))).isTrue();
        assertThat(wednesday.within(Language.JAVASCRIPT, Duration.ofDays(3))).isFalse();
        assertThat(at(MONDAY.plus(Duration.ofDays(4))).within(Language.PYTHON, Duration.ofDays(3)))
                .isFalse();
    }

    @Test
    void goesByTheLatestUse() {
        at(MONDAY).note(Language.PYTHON);
        at(MONDAY.plus(Duration.ofDays(3))).note(Language.PYTHON);
        assertThat(at(MONDAY.plus(Duration.ofDays(5))).within(Language.PYTHON, Duration.ofDays(3)))
                .isTrue();
    }

    @Test
    void keepsNothingWhereNothingCanBeWritten() throws IOException {
        Files.createFile(folder.resolve("used"));
        LatestUse use = at(MONDAY);
        use.note(Language.PYTHON);
        assertThat(use.within(Language.PYTHON, Duration.ofDays(3))).isFalse();
    }
}
