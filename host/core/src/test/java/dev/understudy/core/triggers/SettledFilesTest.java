package dev.understudy.core.triggers;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class SettledFilesTest {
    private static final long SECOND = 1_000_000_000L;

    private final SettledFiles files = new SettledFiles(Duration.ofSeconds(2), Map.of("old", "1"));

    @Test
    void whatWasThereAtTheStartIsNoNews() {
        assertThat(files.look(0, Map.of("old", "1"))).isEmpty();
        assertThat(files.look(9 * SECOND, Map.of("old", "1"))).isEmpty();
        assertThat(files.nextLookNanos()).isEmpty();
    }

    @Nested
    class AFileThatAppears {
        @Test
        void hasSettledOnceItStayedTheSameForAsLongAsConfigured() {
            assertThat(files.look(0, Map.of("new", "1"))).isEmpty();
            assertThat(files.nextLookNanos()).hasValue(2 * SECOND);
            assertThat(files.look(2 * SECOND - 1, Map.of("new", "1"))).isEmpty();
            assertThat(files.look(2 * SECOND, Map.of("new", "1"))).containsExactly("new");
        }

        @Test
        void hasNotSettledWhileItIsStillBeingWritten() {
            for (long second = 0; second < 10; second++)
                assertThat(files.look(second * SECOND, Map.of("new", "size " + second)))
                        .isEmpty();
            assertThat(files.look(11 * SECOND, Map.of("new", "size 9"))).containsExactly("new");
        }

        @Test
        void isReportedAgainUntilItIsTakenForSeen() {
            files.look(0, Map.of("new", "1"));
            assertThat(files.look(2 * SECOND, Map.of("new", "1"))).containsExactly("new");
            assertThat(files.look(3 * SECOND, Map.of("new", "1"))).containsExactly("new");
            files.see("new", "1");
            assertThat(files.look(4 * SECOND, Map.of("new", "1"))).isEmpty();
        }

        @Test
        void isNoNewsIfItGoesAwayBefore() {
            files.look(0, Map.of("new", "1"));
            files.look(SECOND, Map.of());
            assertThat(files.look(3 * SECOND, Map.of("new", "1"))).isEmpty();
        }
    }

    @Test
    void aFileThatChangesIsNewsInItsNewState() {
        files.look(0, Map.of("old", "2"));
        assertThat(files.look(2 * SECOND, Map.of("old", "2"))).containsExactly("old");
    }

    @Test
    void aFileThatWentAwayIsNewsWhenItComesBack() {
        assertThat(files.forgetAbsent(Map.of())).containsExactly("old");
        files.look(0, Map.of("old", "1"));
        assertThat(files.look(2 * SECOND, Map.of("old", "1"))).containsExactly("old");
    }

    @Test
    void severalAreReportedInTheOrderInWhichTheyChanged() {
        files.look(0, Map.of("b", "1"));
        files.look(SECOND, Map.of("b", "1", "a", "1"));
        assertThat(files.look(4 * SECOND, Map.of("b", "1", "a", "1"))).containsExactly("b", "a");
    }
}
