package dev.understudy.sandbox.control.files;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.understudy.sandbox.control.Grants;
import dev.understudy.sandbox.control.Limits;
import dev.understudy.sandbox.control.files.FileView.Existing;
import dev.understudy.sandbox.control.files.FileView.OpenMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** A commit with every kind of change in it. As a program, it stops dead at the step whose number it is given. */
final class CommitScenario {
    static final int STOPPED = 77;

    private CommitScenario() {}

    static void prepare(Path granted) throws IOException {
        Files.createDirectories(granted.resolve("old/deep"));
        Files.createDirectory(granted.resolve("turns-file"));
        Files.writeString(granted.resolve("changed.txt"), "one\ntwo\n");
        Files.writeString(granted.resolve("deleted.txt"), "gone\n");
        Files.writeString(granted.resolve("renamed.txt"), "kept\n");
        Files.writeString(granted.resolve("swap-a"), "a");
        Files.writeString(granted.resolve("swap-b"), "b");
        Files.writeString(granted.resolve("mode.sh"), "#!/bin/sh\n");
        Files.writeString(granted.resolve("turns-folder"), "file");
        Files.writeString(granted.resolve("turns-file/inside"), "inside");
        Files.writeString(granted.resolve("old/deep/leaf"), "leaf");
        Files.createSymbolicLink(granted.resolve("link"), Path.of("changed.txt"));
    }

    static void change(FileView view, Path granted) throws FileViewException {
        write(view, granted.resolve("changed.txt"), "one\n2\n");
        view.delete(granted.resolve("deleted.txt"));
        view.createDirectory(granted.resolve("new"));
        view.createDirectory(granted.resolve("new/folder"));
        view.move(granted.resolve("renamed.txt"), granted.resolve("new/folder/renamed.txt"), Existing.FAIL);
        view.move(granted.resolve("swap-a"), granted.resolve("swap"), Existing.FAIL);
        view.move(granted.resolve("swap-b"), granted.resolve("swap-a"), Existing.FAIL);
        view.move(granted.resolve("swap"), granted.resolve("swap-b"), Existing.FAIL);
        view.setAttributes(granted.resolve("mode.sh"), null, 0700);
        view.delete(granted.resolve("turns-folder"));
        view.createDirectory(granted.resolve("turns-folder"));
        view.delete(granted.resolve("turns-file/inside"));
        view.delete(granted.resolve("turns-file"));
        write(view, granted.resolve("turns-file"), "file now");
        view.move(granted.resolve("old"), granted.resolve("older"), Existing.FAIL);
        view.delete(granted.resolve("link"));
        view.createSymbolicLink(granted.resolve("link"), Path.of("turns-file"));
        view.createLink(granted.resolve("new/one-more-name"), granted.resolve("mode.sh"));
        view.createLink(granted.resolve("changed-too"), granted.resolve("changed.txt"));
        view.createLink(granted.resolve("moved-too"), granted.resolve("new/folder/renamed.txt"));
    }

    static void write(FileView view, Path path, String text) throws FileViewException {
        int handle = view.open(path, Set.of(OpenMode.WRITE, OpenMode.CREATE, OpenMode.TRUNCATE));
        view.write(handle, 0, text.getBytes(UTF_8));
        view.close(handle);
    }

    static FileTransactions transactions(Path home, Consumer<String> reached) {
        return new FileTransactions(
                HostFiles.ofThisSystem(), home, List.of(), 1 << 20, InstantSource.system(), reached);
    }

    static CommitResult commit(Path home, Path granted, Consumer<String> reached) throws Exception {
        FileTransactions transactions = transactions(home, reached);
        Grants grants = new Grants(List.of(), List.of(granted), List.of(), List.of());
        try (CopyOnWriteView view = transactions.view("run", grants, Limits.DEFAULT, Map.of(), Set.of())) {
            change(view, granted);
            return transactions.commit("run", view.changes());
        }
    }

    /** Arguments: {@code commit}, {@code undo} or {@code recover}, the data home, the granted folder, the step. */
    public static void main(String[] arguments) throws Exception {
        AtomicInteger left = new AtomicInteger(Integer.parseInt(arguments[3]));
        Consumer<String> stop = _ -> {
            if (left.decrementAndGet() == 0) Runtime.getRuntime().halt(STOPPED);
        };
        Path home = Path.of(arguments[1]);
        switch (arguments[0]) {
            case "commit" -> commit(home, Path.of(arguments[2]), stop);
            case "undo" -> transactions(home, stop).undo("run");
            case "recover" -> transactions(home, stop).recover();
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }
}
