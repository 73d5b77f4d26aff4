package dev.understudy.plugins.notifications;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.understudy.spi.Notification;
import dev.understudy.spi.NotificationSink;
import dev.understudy.spi.testkit.NotificationSinkContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program on the path is a script that keeps its arguments as it gets them, each ended by NUL. */
class DesktopSinkTest extends NotificationSinkContract {
    private static final Notification FAILING = new Notification(
            Notification.Kind.AUTOMATION_FAILING,
            "x",
            "Failing: x",
            "a < b & c",
            Instant.parse("2026-11-16T09:00:00Z"));

    @TempDir
    Path folder;

    private final List<Path> path = new ArrayList<>();

    @BeforeEach
    void installNotifySend() throws IOException {
        install("notify-send", "exit 0");
        path.add(folder);
    }

    private void install(String program, String end) throws IOException {
        Path file = folder.resolve(program);
        Files.writeString(file, "#!/bin/sh\nprintf '%s\\0' \"$@\" >\"$0.$$.called\"\n" + end + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }

    @Override
    protected NotificationSink sink() {
        return new DesktopSink(path);
    }

    @Override
    protected Map<String, Object> settings() {
        return Map.of();
    }

    /** Takes the program away. */
    @Override
    protected Map<String, Object> settingsThatReachNobody() {
        path.clear();
        return Map.of();
    }

    @Override
    protected List<String> received() throws IOException {
        try (var files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".called"))
                    .sorted(java.util.Comparator.comparingLong(
                                    (Path file) -> file.toFile().lastModified())
                            .thenComparingLong(DesktopSinkTest::processId))
                    .map(file -> String.join("\n", arguments(file)))
                    .toList();
        }
    }

    private static long processId(Path called) {
        return Long.parseLong(String.valueOf(called.getFileName()).split("\\.")[1]);
    }

    private static List<String> arguments(Path called) {
        try {
            return Arrays.asList(Files.readString(called).split("\0"));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void passesTitleAndTextAsOneArgumentEachAfterTheOptionsWithMarkupEscaped() throws Exception {
        sink().open(Map.of()).send(FAILING);
        assertThat(received())
                .containsExactly("--app-name=Understudy\n--urgency=critical\n--\nFailing: x\na &lt; b &amp; c");
    }

    @Test
    void asksAppleScriptWhereThereIsNoNotifySend() throws Exception {
        Files.delete(folder.resolve("notify-send"));
        install("osascript", "exit 0");
        sink().open(Map.of()).send(FAILING);
        assertThat(received())
                .singleElement()
                .asString()
                .startsWith("-e\non run {")
                .endsWith("Failing: x\na < b & c");
    }

    @Test
    void saysWhatTheProgramSaidWhenItFails() throws IOException {
        install("notify-send", "echo 'Cannot autolaunch D-Bus without X11' >&2; exit 1");
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> sink().open(Map.of()).send(FAILING))
                .withMessage("it exited with 1: Cannot autolaunch D-Bus without X11");
    }
}
