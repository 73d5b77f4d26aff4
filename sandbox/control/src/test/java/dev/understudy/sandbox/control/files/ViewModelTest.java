package dev.understudy.sandbox.control.files;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.sandbox.control.Grants;
import dev.understudy.sandbox.control.Limits;
import dev.understudy.sandbox.control.files.FileView.Existing;
import dev.understudy.sandbox.control.files.FileView.Links;
import dev.understudy.sandbox.control.files.FileView.OpenMode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random operations on a view and on a real copy of the same folder must look the same from outside. */
class ViewModelTest {
    private static final List<String> NAMES = List.of("a", "b", "sub", "äö");

    @TempDir
    Path folder;

    static Stream<Integer> seeds() {
        return Stream.iterate(1, seed -> seed + 1).limit(40);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void agreesWithARealFolderThroughoutAndAfterItsCommitAndItsUndo(int seed) throws Exception {
        // Every fifth the way of systems without descriptors of folders.
        agrees(seed, seed % 5 == 0 ? new CheckedHostFiles() : HostFiles.ofThisSystem());
    }

    private void agrees(int seed, HostFiles host) throws Exception {
        folder = folder.toRealPath();
        Random random = new Random(seed);
        Path real = Files.createDirectories(folder.resolve("host/granted"));
        populate(random, real, 3);
        Path copy = Files.createDirectories(folder.resolve("model")).resolve("granted");
        Tree.copy(real, copy);
        Map<String, String> before = Tree.of(real);
        var transactions =
                new FileTransactions(host, folder.resolve("home"), List.of(), 1 << 30, InstantSource.system(), _ -> {});
        var grants = new Grants(List.of(), List.of(real), List.of(), List.of());
        List<String> log = new ArrayList<>();

        try (CopyOnWriteView view = transactions.view("run", grants, Limits.DEFAULT, Map.of(), Set.of())) {
            for (int i = 0; i < 60; i++) {
                Operation operation = Operation.draw(random);
                String onCopy = outcome(() -> operation.onHost(copy));
                String onView = outcome(() -> operation.onView(view, real));
                if (!onCopy.equals("refused")) log.add(operation.toString());
                assertThat(onView)
                        .as("seed %d: %s, then %s", seed, log, operation)
                        .isEqualTo(onCopy);
            }
            assertThat(seen(view, real, real)).as("seed %d: %s", seed, log).isEqualTo(Tree.of(copy));
            assertThat(Tree.of(real)).as("seed %d: %s", seed, log).isEqualTo(before);

            ChangeSet changes = view.changes();
            assertThat(namesOf(changes, real))
                    .as("seed %d: %s", seed, log)
                    .isEqualTo(differences(before, Tree.of(copy)));
            assertThat(transactions.commit("run", changes))
                    .as("seed %d: %s", seed, log)
                    .isEqualTo(new CommitResult.Committed());
        }
        assertThat(Tree.of(real)).as("seed %d: %s", seed, log).isEqualTo(Tree.of(copy));

        if (transactions.undoable().isEmpty()) return;
        assertThat(transactions.undo("run")).as("seed %d: %s", seed, log).isEqualTo(new CommitResult.Committed());
        assertThat(Tree.of(real)).as("seed %d: %s", seed, log).isEqualTo(before);
        assertThat(Tree.of(folder.resolve("home"))).doesNotContainKeys("undo/run", "undo/run.undo", "runs/run");
    }

    private static Set<String> differences(Map<String, String> before, Map<String, String> after) {
        Set<String> paths = new HashSet<>(before.keySet());
        paths.addAll(after.keySet());
        paths.removeIf(path -> before.getOrDefault(path, "").equals(after.getOrDefault(path, "")));
        return paths;
    }

    private static Set<String> namesOf(ChangeSet changes, Path root) {
        Set<String> names = new HashSet<>();
        for (var change : changes.describe())
            names.add(root.relativize(change.path()).toString());
        return names;
    }

    private static void populate(Random random, Path folder, int depth) throws IOException {
        for (String name : NAMES) {
            Path path = folder.resolve(name);
            switch (random.nextInt(5)) {
                case 0, 1 -> Files.writeString(path, "original " + random.nextInt(1000) + "\n");
                case 2 -> {
                    Files.createDirectory(path);
                    if (depth > 0) populate(random, path, depth - 1);
                }
                case 3 -> {
                    if (random.nextBoolean()) Files.createSymbolicLink(path, Path.of(NAMES.get(random.nextInt(4))));
                }
                default -> {}
            }
        }
    }

    /** What a guest sees, in the words of {@link Tree}. */
    private static Map<String, String> seen(FileView view, Path root, Path path) throws Exception {
        Map<String, String> tree = new TreeMap<>();
        for (String name : view.list(path)) {
            Path child = path.resolve(name);
            var attributes = view.attributes(child, Links.NOFOLLOW);
            String permissions = Integer.toOctalString(attributes.posixMode());
            tree.put(
                    root.relativize(child).toString(),
                    switch (attributes.kind()) {
                        case SYMBOLIC_LINK -> "link to " + view.readSymbolicLink(child);
                        case DIRECTORY -> "folder " + permissions;
                        case FILE -> "file " + permissions + " " + content(view, child);
                        case OTHER -> "special " + permissions;
                    });
            if (attributes.kind() == FileView.Kind.DIRECTORY) tree.putAll(seen(view, root, child));
        }
        return tree;
    }

    private static String content(FileView view, Path path) throws FileViewException {
        int handle = view.open(path, Set.of(OpenMode.READ));
        String text = new String(view.read(handle, 0, 1 << 20), ISO_8859_1);
        view.close(handle);
        return text;
    }

    @FunctionalInterface
    private interface Attempt {
        String run() throws IOException, FileViewException;
    }

    private static String outcome(Attempt attempt) {
        try {
            return attempt.run();
        } catch (IOException | FileViewException _) {
            return "refused";
        }
    }

    /** One thing that a script does, by relative path. */
    private record Operation(String name, String path, String other, int number) {
        private static final List<String> KINDS = List.of(
                "write",
                "write",
                "append",
                "patch",
                "truncate",
                "read",
                "delete",
                "delete",
                "mkdir",
                "mkdir",
                "move",
                "move",
                "replace",
                "replace",
                "link",
                "name",
                "mode",
                "list",
                "look",
                "real",
                "purge");

        static Operation draw(Random random) {
            return new Operation(
                    KINDS.get(random.nextInt(KINDS.size())), path(random), path(random), random.nextInt(1000));
        }

        private static String path(Random random) {
            StringBuilder path = new StringBuilder(NAMES.get(random.nextInt(NAMES.size())));
            while (random.nextInt(5) < 2) path.append('/').append(NAMES.get(random.nextInt(NAMES.size())));
            return path.toString();
        }

        @Override
        public String toString() {
            return name + " " + path + " " + other + " " + number;
        }

        private byte[] bytes() {
            return ("new " + number + "\n").getBytes(ISO_8859_1);
        }

        private int mode() {
            return List.of(0600, 0644, 0755, 0700).get(number % 4);
        }

        String onHost(Path root) throws IOException {
            Path at = root.resolve(path);
            Path to = root.resolve(other);
            switch (name) {
                case "write" -> Files.write(at, bytes());
                case "append" -> Files.write(at, bytes(), StandardOpenOption.APPEND);
                case "patch" -> patch(at, StandardOpenOption.WRITE);
                case "truncate" -> {
                    try (FileChannel channel = FileChannel.open(at, StandardOpenOption.WRITE)) {
                        channel.truncate(number % 12);
                    }
                }
                case "read" -> {
                    return Files.readString(at, ISO_8859_1);
                }
                case "delete" -> Files.delete(at);
                case "mkdir" -> Files.createDirectory(at);
                case "move" -> {
                    // The rename call of the system always replaces.
                    if (Files.exists(to, LinkOption.NOFOLLOW_LINKS)) throw new IOException("exists");
                    Files.move(at, to, StandardCopyOption.ATOMIC_MOVE);
                }
                case "replace" -> Files.move(at, to, StandardCopyOption.ATOMIC_MOVE);
                case "link" -> Files.createSymbolicLink(at, Path.of(other));
                case "name" -> {
                    if (!Files.isRegularFile(to, LinkOption.NOFOLLOW_LINKS)) throw new IOException("no file");
                    Files.createLink(at, to);
                }
                case "mode" -> Files.setAttribute(at, "unix:mode", mode());
                case "list" -> {
                    try (Stream<Path> paths = Files.list(at)) {
                        return paths.map(each -> each.getFileName().toString())
                                .sorted()
                                .toList()
                                .toString();
                    }
                }
                case "look" -> {
                    return Files.isDirectory(at) + " " + (Files.isDirectory(at) ? 0 : Files.size(at));
                }
                case "real" -> {
                    return root.toRealPath().relativize(at.toRealPath()).toString();
                }
                case "purge" -> {
                    try (Stream<Path> paths = Files.list(at)) {
                        for (Path each : (Iterable<Path>) paths.sorted()::iterator) Files.delete(each);
                    }
                    Files.delete(at);
                }
                default -> throw new IllegalStateException(name);
            }
            return "done";
        }

        private void patch(Path at, OpenOption... options) throws IOException {
            try (FileChannel channel = FileChannel.open(at, options)) {
                channel.write(ByteBuffer.wrap(bytes()), number % 20);
            }
        }

        String onView(FileView view, Path root) throws FileViewException {
            Path at = root.resolve(path);
            Path to = root.resolve(other);
            switch (name) {
                case "write" -> edit(view, at, 0, Set.of(OpenMode.WRITE, OpenMode.CREATE, OpenMode.TRUNCATE));
                case "append" -> {
                    int handle = view.open(at, Set.of(OpenMode.WRITE));
                    view.write(handle, view.size(handle), bytes());
                    view.close(handle);
                }
                case "patch" -> edit(view, at, number % 20, Set.of(OpenMode.WRITE));
                case "truncate" -> {
                    int handle = view.open(at, Set.of(OpenMode.WRITE));
                    if (number % 12 < view.size(handle)) view.truncate(handle, number % 12);
                    view.close(handle);
                }
                case "read" -> {
                    return content(view, at);
                }
                case "delete" -> view.delete(at);
                case "mkdir" -> view.createDirectory(at);
                case "move" -> view.move(at, to, Existing.FAIL);
                case "replace" -> view.move(at, to, Existing.REPLACE);
                case "link" -> view.createSymbolicLink(at, Path.of(other));
                case "name" -> view.createLink(at, to);
                case "mode" -> view.setAttributes(at, null, mode());
                case "list" -> {
                    return view.list(at).toString();
                }
                case "look" -> {
                    var attributes = view.attributes(at, Links.FOLLOW);
                    return (attributes.kind() == FileView.Kind.DIRECTORY) + " " + attributes.size();
                }
                case "real" -> {
                    return root.relativize(view.realPath(at)).toString();
                }
                case "purge" -> {
                    for (String each : view.list(at)) view.delete(at.resolve(each));
                    view.delete(at);
                }
                default -> throw new IllegalStateException(name);
            }
            return "done";
        }

        private void edit(FileView view, Path at, long position, Set<OpenMode> modes) throws FileViewException {
            int handle = view.open(at, modes);
            view.write(handle, position, bytes());
            view.close(handle);
        }
    }
}
