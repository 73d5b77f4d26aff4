package dev.understudy.sandbox.control.jail;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The same in forks of a server. */
class ForkedBashRunTest extends BashRunTest {
    @Override
    JailRunner runner() {
        return forking();
    }

    /** However short it was: what is left of it tells before it is gone. */
    @Test
    void saysToItsEndWhatItReadAndWrote() throws Exception {
        var report = bashWith(List.of("head", "wc"), "head -c 1000000 /dev/zero | wc -c");

        // head reads and writes it, wc reads it; the rest is what starting two programs takes.
        assertThat(report.usage().ioBytes().orElse(0)).isBetween(3_000_000L, 3_200_000L);
    }
}
