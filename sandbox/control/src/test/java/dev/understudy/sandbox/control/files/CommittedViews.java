package dev.understudy.sandbox.control.files;

import dev.understudy.sandbox.control.Grants;
import dev.understudy.sandbox.control.Limits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** What tests share that change a granted folder through a view and commit it. */
abstract class CommittedViews {
    @TempDir
    Path folder;

    Path granted = Path.of("/");
    private FileTransactions transactions;

    @BeforeEach
    void grant() throws IOException {
        folder = folder.toRealPath();
        granted = Files.createDirectory(folder.resolve("granted"));
        transactions = new FileTransactions(folder.resolve("home"), List.of(), 1 << 20, InstantSource.system());
    }

    /** What a run does with its view. */
    @FunctionalInterface
    interface Script {
        void run(CopyOnWriteView view) throws Exception;
    }

    FileTransactions transactions() {
        return transactions;
    }

    CommitResult run(String id, Script script) throws Exception {
        Grants grants = new Grants(List.of(), List.of(granted), List.of(), List.of());
        try (CopyOnWriteView view = transactions.view(id, grants, Limits.DEFAULT, Map.of(), Set.of())) {
            script.run(view);
            return transactions.commit(id, view.changes());
        }
    }
}
