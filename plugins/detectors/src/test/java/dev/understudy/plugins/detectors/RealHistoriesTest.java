package dev.understudy.plugins.detectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.understudy.spi.PatternDetector.Settings;
import dev.understudy.spi.Task;
import dev.understudy.spi.TaskPattern;
import dev.understudy.spi.testkit.UnixUserHistory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** On the histories of four real Unix users (UCI KDD archive, "UNIX user data"). */
class RealHistoriesTest {
    private static final Path DATA = Path.of(System.getProperty(
            "understudy.data",
            Path.of(System.getProperty("understudy.root", "."))
                    .resolve("../shared/data")
                    .toString()));

    /** Each line of the converted history, a second apart, as a shell source would give it. */
    private static List<TaskPattern> patterns(Path file) throws IOException {
        String history = UnixUserHistory.toShellHistory(Files.readString(file, StandardCharsets.ISO_8859_1));
        var detection = new RepetitiveTaskIdentifier().start(new Settings(3, Duration.ofHours(24), 10_000));
        Instant time = Instant.EPOCH;
        for (String line : history.lines().toList()) {
            List<String> words = List.of(line.split(" "));
            Map<String, Object> parameters = new LinkedHashMap<>();
            parameters.put(Task.COMMAND, line);
            parameters.put(Task.ARGUMENTS, words.subList(1, words.size()));
            time = time.plusSeconds(1);
            detection.accept(new Task(
                    "t" + time.getEpochSecond(), words.getFirst(), line, parameters, time, Duration.ZERO, true));
        }
        return detection.patterns(time);
    }

    @ParameterizedTest
    @CsvSource({
        "user0.txt, vi name, cd name, ls -l",
        "user1.txt, cd name, ls, smake",
        "user2.txt, a.out, cd name, quota",
        "user3.txt, ls -al, jobs, elm",
    })
    void findsWhatTheseUsersAreKnownToRepeat(String file, String first, String second, String third)
            throws IOException {
        Path history = DATA.resolve("unix-users").resolve(file);
        assumeTrue(Files.isRegularFile(history), "the real histories are not on this machine");
        List<TaskPattern> patterns = patterns(history);
        assertThat(patterns)
                .extracting(pattern -> pattern.parameters().getOrDefault(Task.COMMAND, ""))
                .contains(first, second, third);
        assertThat(patterns)
                .allSatisfy(pattern -> assertThat(pattern.occurrences()).isGreaterThanOrEqualTo(3));
        // A person reads this list, so it is a fraction of the history.
        assertThat(patterns).hasSizeBetween(20, 200);
    }
}
