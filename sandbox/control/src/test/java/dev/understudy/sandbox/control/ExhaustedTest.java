package dev.understudy.sandbox.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The words are those of the Linux kernel's errno(3), as JDK 25 wraps them. */
class ExhaustedTest {
    static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of(
                        new FileSystemException("/x/y", null, "No space left on device"),
                        "the disk that holds /x/y is full"),
                Arguments.of(new IOException("No space left on device"), "the disk is full"),
                Arguments.of(new FileSystemException("/x", null, "Disk quota exceeded"), "the quota of the disk"),
                Arguments.of(new FileSystemException("/x", null, "Read-only file system"), "mounted read-only"),
                Arguments.of(new FileNotFoundException("/x (Too many open files)"), "too many open files"),
                Arguments.of(
                        new IOException(
                                "Cannot run program \"sh\"",
                                new IOException("error=11, Resource temporarily unavailable")),
                        "no more processes"),
                Arguments.of(
                        new IOException("Cannot run program \"sh\": Exec failed, error: 12 (Cannot allocate memory)"),
                        "memory"),
                Arguments.of(
                        new IllegalStateException(new OutOfMemoryError("unable to create native thread")),
                        "no more processes"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void isNamedWhereverItLiesBehind(Throwable failure, String why) {
        assertThat(Exhausted.behind(failure).orElseThrow().why()).contains(why);
    }

    @Test
    void isNotSeenWhereThereIsSomethingElse(@TempDir Path folder) {
        assertThat(Exhausted.behind(new AccessDeniedException("/x"))).isEmpty();
        assertThat(Exhausted.behind(new NoSuchFileException("/x"))).isEmpty();
        assertThat(Exhausted.behind(new IOException("bwrap: Creating new namespace failed: No space left on device")))
                .isEmpty();
        assertThat(Exhausted.behind(null)).isEmpty();
        assertThat(Exhausted.at(folder)).isEmpty();
    }
}
