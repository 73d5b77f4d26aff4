package dev.understudy.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URI;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What 1,000 live points a second cost in the browser, and how soon the page is painted. It prints the figures, which depend on the
 * machine, and asserts only that the points arrive; {@code -Ddashboard.seconds=10} measures for longer.
 */
@Tag("slow")
class DashboardLoadIT {
    private static final int POINTS_PER_SECOND = 1000;
    private static final int SECONDS = Integer.getInteger("dashboard.seconds", 3);

    @Test
    void drawsAThousandPointsASecond() throws IOException {
        assumeTrue(Browser.installed().isPresent(), "Chromium is not installed");
        try (var server = new PointServer(POINTS_PER_SECOND);
                var browser = Browser.start()) {
            browser.resize(1280, 900);
            double first = paint(browser, server);
            double again = paint(browser, server);
            String before = label(browser);
            double cpu = browser.cpuSeconds();
            double work = browser.mainThreadSeconds();
            long start = System.nanoTime();
            long end = start + SECONDS * 1_000_000_000L;
            while (System.nanoTime() < end) LockSupport.parkNanos(end - System.nanoTime());
            work = browser.mainThreadSeconds() - work;
            cpu = browser.cpuSeconds() - cpu;
            double seconds = (System.nanoTime() - start) / 1e9;
            System.out.printf(
                    Locale.ROOT,
                    "dashboard: first paint after %.0f ms, of a page opened again %.0f ms; %d points/s for %.1f s: main thread %.1f %% of a core, all processes of the"
                            + " browser %.1f %%, heap %.1f MB%n",
                    first,
                    again,
                    POINTS_PER_SECOND,
                    seconds,
                    100 * work / seconds,
                    100 * cpu / seconds,
                    browser.evaluate("performance.memory.usedJSHeapSize / 1e6").asDouble());

            assertThat(label(browser)).startsWith("Step durations").isNotEqualTo(before);
            assertThat(browser.takeErrors()).isEmpty();
        }
    }

    /** Opens the page; milliseconds until something is to be seen of it. */
    private static double paint(Browser browser, PointServer server) {
        browser.open(URI.create("about:blank"));
        browser.open(server.address());
        browser.await("document.querySelectorAll('.uplot').length === 3");
        return browser.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
                .asDouble();
    }

    /** What the chart says to those who do not see it. */
    private static String label(Browser browser) {
        return browser.evaluate("document.querySelectorAll('.plot')[1].getAttribute('aria-label')")
                .asText();
    }
}
