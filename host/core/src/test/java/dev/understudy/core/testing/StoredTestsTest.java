package dev.understudy.core.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.core.store.Database;
import dev.understudy.sandbox.control.tester.TestRecord;
import dev.understudy.sandbox.control.tester.TestRecord.Verdict;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoredTestsTest {
    @TempDir
    Path folder;

    private Database database;

    @BeforeEach
    void open() {
        database = Database.open(folder.resolve("store.db"));
    }

    @AfterEach
    void close() {
        database.close();
    }

    private static TestRecord result(String suite, String name, String message) {
        return new TestRecord(
                suite,
                name,
                message.isEmpty() ? Verdict.PASSED : Verdict.FAILED,
                message,
                "run-" + name,
                Instant.parse("2026-11-21T12:00:00.125Z"),
                Duration.ofMillis(42));
    }

    @Test
    void comeBackAsTheyWereAfterAReopening() {
        var good = result("tidy", "one", "");
        var bad = result("copy", "two", "expected 1, was 2");
        var tests = new StoredTests(database, 10);
        tests.add(good);
        tests.add(bad);
        database.close();
        open();
        assertThat(new StoredTests(database, 10).latest(10)).containsExactly(bad, good);
    }

    @Test
    void canBeThoseOfOneAutomation() {
        var tests = new StoredTests(database, 10);
        tests.add(result("tidy", "one", ""));
        tests.add(result("copy", "two", ""));
        tests.add(result("tidy", "three", ""));
        assertThat(tests.latest("tidy", 10)).extracting(TestRecord::name).containsExactly("three", "one");
        assertThat(tests.latest("tidy", 1)).extracting(TestRecord::name).containsExactly("three");
    }

    @Test
    void loseTheOldestWhereThereIsNoRoom() {
        var tests = new StoredTests(database, 3);
        for (int i = 1; i <= 5; i++) tests.add(result("tidy", "case " + i, ""));
        assertThat(tests.latest(100)).extracting(TestRecord::name).containsExactly("case 5", "case 4", "case 3");
    }

    @Test
    void keepNoMoreOfAMessageThanShowsWhatWasWrong() {
        var tests = new StoredTests(database, 3);
        tests.add(result("tidy", "long", "x".repeat(5000)));
        assertThat(tests.latest(1).getFirst().message()).hasSize(1000);
    }
}
