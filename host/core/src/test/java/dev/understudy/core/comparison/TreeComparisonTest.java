package dev.understudy.core.comparison;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.sandbox.control.IsolationLevel;
import dev.understudy.sandbox.control.RunOutcome;
import dev.understudy.sandbox.control.RunReport;
import dev.understudy.sandbox.control.RunReport.FileChange;
import dev.understudy.sandbox.control.RunReport.FileChange.After;
import dev.understudy.sandbox.control.RunReport.FileChange.Kind;
import dev.understudy.sandbox.control.Tier;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TreeComparisonTest {
    private static final Instant STARTED = Instant.parse("2026-11-28T12:00:00Z");
    private static final Instant LONG_AGO = Instant.parse("1970-01-02T03:04:05Z");
    private static final Instant NOW = STARTED.plusSeconds(1);

    @Nested
    class OfFiles {
        @Test
        void sayNothingWhereTheSameIsLeft() {
            assertThat(differences(file("/d/a", "x", 0600, LONG_AGO), file("/d/a", "x", 0600, LONG_AGO)))
                    .isEmpty();
        }

        @Test
        void sayTheLineThatDiffers() {
            assertThat(differences(file("/d/a", "1\nsecond\n", 0644, NOW), file("/d/a", "1\nfirst\n", 0644, NOW)))
                    .containsExactly("/d/a, line 2: csvgrep gives 'first', the script 'second'");
        }

        @Test
        void sayThatAPrivateFileBecameReadable() {
            assertThat(differences(file("/d/a", "x", 0644, NOW), file("/d/a", "x", 0600, NOW)))
                    .containsExactly("/d/a, mode: csvgrep gives 0600, the script 0644");
        }

        @Test
        void sayThatATimeWasLost() {
            assertThat(differences(file("/d/a", "x", 0644, NOW), file("/d/a", "x", 0644, LONG_AGO)))
                    .containsExactly("/d/a, time: csvgrep gives 1970-01-02T03:04:05Z, the script now");
        }

        @Test
        void passOverTimesThatSimplyCameAbout() {
            assertThat(differences(file("/d/a", "x", 0644, NOW), file("/d/a", "x", 0644, NOW.plusSeconds(40))))
                    .isEmpty();
        }

        @Test
        void sayThatALinkBecameAFile() {
            assertThat(differences(
                            file("/d/a", "x", 0644, NOW), change("/d/a", Kind.CREATED, new After.Link(Path.of("b")))))
                    .containsExactly("/d/a: csvgrep gives a link to b, the script a file");
        }

        @Test
        void sayWhatOnlyOneOfThemTouched() {
            FileChange deleted = new FileChange(Path.of("/d/photo"), Kind.DELETED, false, 1, 0, Optional.empty());
            assertThat(TreeComparison.differences("rm", report(List.of(deleted)), report(List.of())))
                    .containsExactly("/d/photo: rm leaves it alone, the script deletes it");
            assertThat(TreeComparison.differences("rm", report(List.of()), report(List.of(deleted))))
                    .containsExactly("/d/photo: rm deletes it, the script leaves it alone");
        }
    }

    @Nested
    class OfContents {
        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "a.csv   | a,b         | \"a\",b",
                    "a.json  | {\"x\": 1}  | {\"x\":1.0}",
                    "a.jsonl | {\"x\": 1}  | {\"x\":1}",
                })
        void areTheSameByValueWhereTheFormatLeavesBytesFree(String name, String expected, String actual) {
            assertThat(Contents.difference(name, expected.getBytes(UTF_8), actual.getBytes(UTF_8)))
                    .isEmpty();
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    // Issue mledoze/countries and others: identifiers of 19 digits lose their last ones in a double.
                    "a.json | {\"id\": 1234567890123456789} | {\"id\": 1234567890123456788}",
                    "a.csv  | 007,x                         | 7,x",
                    "a.csv  | 1.0                           | 1",
                    "a.txt  | a                             | \"a\"",
                })
        void differByWhatCounts(String name, String expected, String actual) {
            assertThat(Contents.difference(name, expected.getBytes(UTF_8), actual.getBytes(UTF_8)))
                    .isPresent();
        }

        @Test
        void ofGzipAreWhatWasCompressed() throws IOException {
            byte[] one = gzipped("text");
            byte[] other = gzipped("text");
            other[9] = 3; // The operating system, in the header (RFC 1952, 2.3.1).
            assertThat(Contents.difference("a.gz", one, other)).isEmpty();
            assertThat(Contents.difference("a.txt.gz", one, gzipped("other")))
                    .hasValueSatisfying(found -> assertThat(found.where()).isEqualTo(", line 1"));
        }

        private static byte[] gzipped(String text) throws IOException {
            var bytes = new ByteArrayOutputStream();
            try (var stream = new GZIPOutputStream(bytes)) {
                stream.write(text.getBytes(UTF_8));
            }
            return bytes.toByteArray();
        }
    }

    private static List<String> differences(FileChange script, FileChange program) {
        return TreeComparison.differences("csvgrep", report(List.of(script)), report(List.of(program)));
    }

    private static FileChange file(String path, String text, int mode, Instant modified) {
        return change(path, Kind.CREATED, new After.File(text.getBytes(UTF_8), mode, modified));
    }

    private static FileChange change(String path, Kind kind, After after) {
        return new FileChange(Path.of(path), kind, false, 0, 1, Optional.empty(), Optional.empty(), Optional.of(after));
    }

    private static RunReport report(List<FileChange> changes) {
        return new RunReport(
                "run",
                new RunOutcome.Succeeded("{}"),
                IsolationLevel.FULL,
                Tier.PROCESS,
                STARTED,
                Duration.ofMillis(5),
                changes,
                List.of(),
                RunReport.Usage.NONE);
    }
}
