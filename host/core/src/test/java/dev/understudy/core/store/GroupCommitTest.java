package dev.understudy.core.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GroupCommitTest {
    @TempDir
    Path folder;

    private Database database;
    private GroupCommit commits;

    @BeforeEach
    void open() {
        database = Database.open(folder.resolve("store.db"));
        database.change(handle -> handle.execute("CREATE TABLE noted (number INTEGER PRIMARY KEY)"));
        commits = new GroupCommit(database);
    }

    @AfterEach
    void close() {
        database.close();
    }

    private static void note(Handle handle, int number) {
        handle.execute("INSERT INTO noted VALUES (?)", number);
    }

    private List<Integer> noted() {
        return database.read(handle -> handle.createQuery("SELECT number FROM noted ORDER BY number")
                .mapTo(Integer.class)
                .list());
    }

    @Test
    void writesWhatComesMeanwhileInOneTransaction() throws InterruptedException {
        var begun = new CountDownLatch(1);
        var release = new CountDownLatch(1);
        Thread first = Thread.ofPlatform()
                .start(() -> commits.change(handle -> {
                    begun.countDown();
                    await(release);
                    note(handle, 0);
                }));
        begun.await();
        Set<Handle> used = ConcurrentHashMap.newKeySet();
        var others = new ArrayList<Thread>();
        for (int i = 1; i <= 10; i++) {
            int number = i;
            others.add(Thread.ofPlatform()
                    .start(() -> commits.change(handle -> {
                        used.add(handle);
                        note(handle, number);
                    })));
        }
        while (commits.waiting() < 10) Thread.onSpinWait();
        release.countDown();
        first.join();
        for (Thread each : others) each.join();
        assertThat(used).hasSize(1);
        assertThat(noted()).hasSize(11);
    }

    @Test
    void keepsTheFailureOfOneFromTheOthers() throws InterruptedException {
        commits.change(handle -> note(handle, 1));
        var begun = new CountDownLatch(1);
        var release = new CountDownLatch(1);
        Thread first = Thread.ofPlatform()
                .start(() -> commits.change(handle -> {
                    begun.countDown();
                    await(release);
                }));
        begun.await();
        Thread good = Thread.ofPlatform().start(() -> commits.change(handle -> note(handle, 2)));
        Thread watcher = Thread.ofPlatform().start(() -> {
            while (commits.waiting() < 2) Thread.onSpinWait();
            release.countDown();
        });
        assertThatThrownBy(() -> commits.change(handle -> note(handle, 1))).hasMessageContaining("PRIMARY KEY");
        for (Thread each : List.of(first, good, watcher)) each.join();
        assertThat(noted()).containsExactly(1, 2);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
