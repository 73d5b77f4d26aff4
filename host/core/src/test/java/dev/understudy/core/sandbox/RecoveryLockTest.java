package dev.understudy.core.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecoveryLockTest {
    @TempDir
    Path folder;

    private final List<String> done = new ArrayList<>();

    private RecoveryLock acquire() throws IOException {
        return RecoveryLock.acquire(folder.resolve("runs.lock"), () -> done.add("alone"), () -> done.add("besides"));
    }

    @Test
    void isHeldTogetherByTheEnginesOfOneProcess() throws IOException {
        RecoveryLock first = acquire();
        RecoveryLock second = acquire();
        first.close();
        RecoveryLock third = acquire();
        assertThat(done).containsExactly("alone", "besides", "besides");
        second.close();
        third.close();

        acquire().close();
        assertThat(done).last().isEqualTo("alone");
    }
}
