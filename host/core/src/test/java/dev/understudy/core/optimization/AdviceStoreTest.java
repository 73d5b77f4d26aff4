package dev.understudy.core.optimization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.understudy.core.optimization.Advice.Change;
import dev.understudy.core.problem.UserException;
import dev.understudy.core.store.Database;
import dev.understudy.spi.system.Workload;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdviceStoreTest {
    private static final Instant NOW = Instant.parse("2026-11-16T09:00:00Z");

    private Database database;
    private AdviceStore store;

    @BeforeEach
    void open(@TempDir Path folder) {
        database = Database.open(folder.resolve("understudy.db"));
        store = new AdviceStore(database);
    }

    @AfterEach
    void close() {
        database.close();
    }

    private static Advice advice(Workload workload, String parameter, String to) {
        return new Advice(
                workload.id() + "-" + parameter,
                workload,
                List.of(new Change("sysctl", parameter, "60", to)),
                "a reason",
                List.of("one line", "another"),
                "sysctl -w " + parameter + "=" + to,
                "sysctl -w " + parameter + "=60",
                NOW);
    }

    @Test
    void keepsAdviceAsItWasGiven() {
        Advice advice = advice(Workload.DATABASE, "vm.swappiness", "10");
        assertThat(store.give(Workload.DATABASE, List.of(advice))).containsExactly(advice);
        assertThat(new AdviceStore(database).standing()).containsExactly(advice);
    }

    @Test
    void saysWhatIsNewOnce() {
        store.give(Workload.DATABASE, List.of(advice(Workload.DATABASE, "vm.swappiness", "10")));
        Advice changed = advice(Workload.DATABASE, "vm.swappiness", "5");
        Advice added = advice(Workload.DATABASE, "vm.dirty_ratio", "15");
        assertThat(store.give(Workload.DATABASE, List.of(changed, added))).containsExactly(added);
        assertThat(store.standing()).containsExactly(added, changed);
    }

    @Test
    void dropsWhatIsNotGivenAgainForTheSameWorkOnly() {
        Advice web = advice(Workload.WEB_SERVER, "net.core.somaxconn", "4096");
        store.give(Workload.DATABASE, List.of(advice(Workload.DATABASE, "vm.swappiness", "10")));
        store.give(Workload.WEB_SERVER, List.of(web));
        store.give(Workload.DATABASE, List.of());
        assertThat(store.all()).containsExactly(web);
    }

    @Test
    void isSilentOnWhatAPersonSilencedUntilTheyHearItAgain() {
        Advice advice = advice(Workload.DATABASE, "vm.swappiness", "10");
        store.give(Workload.DATABASE, List.of(advice));
        store.silence(advice.id(), NOW);
        assertThat(store.standing()).isEmpty();
        assertThat(store.all()).containsExactly(advice);
        store.give(Workload.DATABASE, List.of());
        assertThat(store.give(Workload.DATABASE, List.of(advice))).isEmpty();
        assertThat(store.standing()).isEmpty();
        store.hear(advice.id());
        assertThat(store.standing()).containsExactly(advice);
    }

    @Test
    void knowsNoAdviceOfAnotherId() {
        assertThatExceptionOfType(UserException.class)
                .isThrownBy(() -> store.silence("nonsense", NOW))
                .withMessageContaining("There is no advice 'nonsense'");
        assertThatExceptionOfType(UserException.class)
                .isThrownBy(() -> store.hear("nonsense"))
                .withMessageContaining("is not silenced");
    }
}
