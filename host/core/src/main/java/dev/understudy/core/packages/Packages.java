package dev.understudy.core.packages;

import dev.understudy.core.config.Config;
import dev.understudy.core.packages.PackageLock.Locked;
import dev.understudy.core.packages.Registry.Found;
import dev.understudy.core.problem.UserException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The packages of scripts: fetched beside a script and locked ({@link #vendor}), and shown to its runs ({@link #folderFor}) from a
 * copy that is named by the hash of its lock, is checked before each run, and goes with an automation for as long as a version
 * of it names that hash ({@link #lockFor}). Safe for use by several threads and processes.
 */
public final class Packages {
    private static final String LOCK = "packages.lock";
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern JAVASCRIPT_IMPORT = Pattern.compile(
            "(?:\\brequire|\\bimport)\\s*\\(\\s*['\"]([^'\"]+)|\\b(?:from|import)\\s*['\"]([^'\"]+)['\"]");
    private static final Pattern PYTHON_IMPORT =
            Pattern.compile("(?m)^[ \\t]*(?:from[ \\t]+([A-Za-z_][\\w.]*)|import[ \\t]+([A-Za-z_][\\w., \\t]*))");

    private final Path store;
    private final Config.Packages registries;
    private final Map<String, String> environment;

    /**
     * @param store where copies are kept; nobody else writes there
     * @param environment by which the way to the registries is found
     */
    public Packages(Path store, Config.Packages registries, Map<String, String> environment) {
        this.store = store;
        this.registries = registries;
        this.environment = Map.copyOf(environment);
    }

    /**
     * A script, as far as its packages go.
     *
     * @param file where it lies; its packages lie beside it
     * @param dependencies of its head
     * @param locked the SHA-256 of the lock that its head names; empty if it names none
     * @param text of which the imports are looked at
     */
    public record Script(Path file, PackageKind kind, List<String> dependencies, String locked, String text) {
        public Script {
            dependencies = List.copyOf(dependencies);
        }

        private Path folder() {
            return file.resolveSibling(kind.folder());
        }
    }

    /** Whether locked versions are kept where they do. */
    public enum Versions {
        LOCKED,
        NEWEST
    }

    /**
     * What {@link #vendor} has done.
     *
     * @param packages as name and version, sorted
     * @param fetched how many were downloaded; the others lay there
     * @param lock the file that says what they are
     * @param sha256 of the lock
     */
    public record Vendored(List<String> packages, int fetched, Path folder, Path lock, String sha256) {
        public Vendored {
            packages = List.copyOf(packages);
        }
    }

    // ---- runs

    /**
     * The folder in which a run finds its packages, none of them changed since they were locked; empty if it has none.
     *
     * @throws UserException if they are not there, or not what was locked
     */
    public Optional<Path> folderFor(Script script) {
        Optional<String> lock = lockFor(script);
        return lock.map(sha256 -> kept(sha256, script));
    }

    /**
     * The hash of the lock of a script's packages as they are now, which from now on are kept under it; empty if it has none.
     *
     * @throws UserException as {@link #folderFor}
     */
    public Optional<String> lockFor(Script script) {
        try {
            if (!script.locked().isEmpty()) return Optional.of(script.locked());
            // A text that is no file of the person's has nothing beside it.
            boolean isFile = Files.isRegularFile(script.file());
            Optional<PackageLock> lock = isFile ? lockBeside(script) : Optional.empty();
            if (lock.isPresent()) {
                requireUnchanged(script, lock.get());
                keep(lock.get(), script.folder());
                return Optional.of(lock.get().sha256());
            }
            if (!script.dependencies().isEmpty())
                throw UserException.badInput(
                        "The packages of " + script.file() + " are not here",
                        "it names dependencies, and "
                                + PackageLock.of(script.file()).getFileName() + " is not there",
                        "'vendor " + script.file() + "' fetches and locks them");
            if (!isFile || !importsFrom(script)) return Optional.empty();
            PackageLock found = whatLiesIn(script);
            keep(found, script.folder());
            return Optional.of(found.sha256());
        } catch (IOException e) {
            throw unreadable(script, e);
        }
    }

    private static UserException unreadable(Script script, IOException e) {
        return UserException.failed(
                "The packages of " + script.file() + " cannot be read",
                e.getClass().getSimpleName() + " " + e.getMessage(),
                "See that " + script.folder() + " and the data home can be read and written",
                e);
    }

    private Optional<PackageLock> lockBeside(Script script) {
        Path file = PackageLock.of(script.file());
        Optional<PackageLock> lock = PackageLock.read(file);
        if (lock.isPresent()
                && (!lock.get().asked().equals(script.dependencies())
                        || lock.get().kind() != script.kind()))
            throw UserException.badInput(
                    "The packages of " + script.file() + " are not those that were locked",
                    "its dependencies were changed since " + file.getFileName() + " was made",
                    "'vendor " + script.file() + "' fetches and locks what it names now");
        return lock;
    }

    private static void requireUnchanged(Script script, PackageLock lock) throws IOException {
        Optional<String> difference = lock.difference(script.folder());
        if (difference.isPresent())
            throw UserException.notAllowed(
                    script.file() + " does not run",
                    difference.get(),
                    "'vendor " + script.file() + "' brings back what was locked");
    }

    /** The copy under a hash, checked; made from what lies beside the script where only that is there. */
    private Path kept(String sha256, Script script) {
        Path copy = store.resolve(sha256);
        if (!SHA256.matcher(sha256).matches())
            throw UserException.badInput(
                    script.file() + " does not run", "packages is '" + sha256 + "', which is no hash", "Leave it out");
        try {
            if (Files.notExists(copy, LinkOption.NOFOLLOW_LINKS)) {
                Optional<PackageLock> beside = PackageLock.read(PackageLock.of(script.file()))
                        .filter(lock -> lock.sha256().equals(sha256));
                if (beside.isEmpty())
                    throw UserException.notAllowed(
                            script.file() + " does not run",
                            "its packages, which it names by the hash " + sha256.substring(0, 12)
                                    + "…, are neither kept here nor locked beside it",
                            "'vendor' fetches and locks those that its dependencies name");
                requireUnchanged(script, beside.get());
                keep(beside.get(), script.folder());
            }
            PackageLock lock = PackageLock.read(copy.resolve(LOCK))
                    .filter(each -> each.sha256().equals(sha256))
                    .orElseThrow(() -> changed(script, copy, copy.resolve(LOCK) + " was changed"));
            Path folder = copy.resolve(lock.kind().folder());
            Optional<String> difference = lock.difference(folder);
            if (difference.isPresent()) throw changed(script, copy, difference.get());
            Optional<String> more = beyond(lock, folder);
            if (more.isPresent()) throw changed(script, copy, more.get() + " was added");
            return folder.toRealPath();
        } catch (IOException e) {
            throw unreadable(script, e);
        }
    }

    private static UserException changed(Script script, Path copy, String what) {
        return UserException.notAllowed(
                script.file() + " does not run",
                "its packages are not as they were locked: " + what,
                "Delete " + copy + "; 'vendor' on the script and 'adopt' bring it back");
    }

    /** The first file that no lock names. */
    private static Optional<String> beyond(PackageLock lock, Path folder) throws IOException {
        Map<String, String> files = lock.files();
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(path -> !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
                    .filter(path -> !files.containsKey(name(folder, path)))
                    .findFirst()
                    .map(Path::toString);
        }
    }

    private static String name(Path folder, Path file) {
        return folder.relativize(file).toString();
    }

    /** Copies what is locked, so that the copy is there as a whole or not at all. */
    private void keep(PackageLock lock, Path from) throws IOException {
        Path copy = store.resolve(lock.sha256());
        if (Files.exists(copy, LinkOption.NOFOLLOW_LINKS)) return;
        Path fresh = Files.createTempDirectory(Files.createDirectories(store), ".new-");
        try {
            Path folder = Files.createDirectory(fresh.resolve(lock.kind().folder()));
            for (Map.Entry<String, String> each : lock.files().entrySet()) {
                byte[] bytes = Files.readAllBytes(from.resolve(each.getKey()));
                // Read once, so that what is kept is what was looked at.
                if (!Integrity.sha256(bytes).equals(each.getValue()))
                    throw new IOException(from.resolve(each.getKey()) + " is being changed");
                write(folder.resolve(each.getKey()), bytes);
            }
            write(fresh.resolve(LOCK), lock.text().getBytes(java.nio.charset.StandardCharsets.UTF_8));
            // A jail's own user reads them, and nobody writes them; what they lie in is the person's alone.
            try (Stream<Path> all = Files.walk(fresh)) {
                for (Path path : all.toList())
                    Files.setPosixFilePermissions(
                            path, PosixFilePermissions.fromString(Files.isDirectory(path) ? "rwxr-xr-x" : "r--r--r--"));
            }
            Files.move(fresh, copy, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileAlreadyExistsException | java.nio.file.DirectoryNotEmptyException e) {
            // Another run was as quick; what it kept is checked as any other.
        } finally {
            delete(fresh);
        }
    }

    private static void write(Path file, byte[] bytes) throws IOException {
        Files.createDirectories(java.util.Objects.requireNonNull(file.getParent()));
        Files.write(file, bytes);
    }

    private static void delete(Path folder) throws IOException {
        if (Files.notExists(folder, LinkOption.NOFOLLOW_LINKS)) return;
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) Files.deleteIfExists(path);
        }
    }

    // ---- what lies beside a script without a lock

    /** Whether a script imports what lies in the folder of its packages. */
    private static boolean importsFrom(Script script) {
        if (!Files.isDirectory(script.folder())) return false;
        return switch (script.kind()) {
            case JAVASCRIPT ->
                JAVASCRIPT_IMPORT
                        .matcher(script.text())
                        .results()
                        .map(found -> found.group(1) != null ? found.group(1) : found.group(2))
                        .filter(name -> !name.startsWith(".") && !name.startsWith("/"))
                        .map(name -> name.split("/", -1))
                        .map(parts ->
                                parts[0].startsWith("@") && parts.length > 1 ? parts[0] + "/" + parts[1] : parts[0])
                        .anyMatch(name -> isThere(script.folder(), name, ""));
            case PYTHON ->
                PYTHON_IMPORT
                        .matcher(script.text())
                        .results()
                        .flatMap(found -> found.group(1) != null
                                ? Stream.of(found.group(1))
                                : Stream.of(found.group(2).split(",", -1)))
                        .map(name -> name.strip().split("[.\\s]", -1)[0])
                        .anyMatch(name -> isThere(script.folder(), name, ".py"));
        };
    }

    private static boolean isThere(Path folder, String name, String ending) {
        try {
            return !name.isEmpty()
                    && (Files.isDirectory(folder.resolve(name))
                            || (!ending.isEmpty() && Files.isRegularFile(folder.resolve(name + ending))));
        } catch (java.nio.file.InvalidPathException _) {
            return false;
        }
    }

    /** A lock of all files in the folder; links are passed over, as npm makes them for programs. */
    private static PackageLock whatLiesIn(Script script) throws IOException {
        Path folder = script.folder();
        var files = new TreeMap<String, String>();
        long[] bytes = {0};
        Files.walkFileTree(folder, EnumSet.noneOf(FileVisitOption.class), 64, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path each, BasicFileAttributes attributes) {
                String name = String.valueOf(each.getFileName());
                boolean made = name.equals("__pycache__") || name.equals(".bin") || name.equals(".cache");
                return made && !each.equals(folder) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path each, BasicFileAttributes attributes) throws IOException {
                if (!attributes.isRegularFile()) return FileVisitResult.CONTINUE;
                bytes[0] += attributes.size();
                if (bytes[0] > Archives.MAX_BYTES || files.size() == Archives.MAX_FILES)
                    throw UserException.badInput(
                            "The packages beside " + script.file() + " are too many",
                            folder + " holds more than " + Archives.MAX_FILES + " files or "
                                    + (Archives.MAX_BYTES >> 20) + " MiB",
                            "Name those that it needs in its head's dependencies, in a folder of its own");
                files.put(name(folder, each), Integrity.sha256(Files.readAllBytes(each)));
                return FileVisitResult.CONTINUE;
            }
        });
        return new PackageLock(
                script.kind(), List.of(), List.of(new Locked(script.kind().folder(), "", "", "", files)));
    }

    // ---- fetching

    /**
     * Fetches what a script names, with all that this needs, into the folder beside it, and locks it. What is locked already
     * for the same dependencies is fetched as it was locked, or not at all. Of a script that names none, what lies there is
     * locked.
     *
     * @param progress told of each step
     * @throws UserException if a package is not to be had or not pure, or is not what was locked; nothing is changed then
     */
    public Vendored vendor(Script script, Versions versions, Consumer<String> progress) throws InterruptedException {
        Path file = PackageLock.of(script.file());
        try {
            Optional<PackageLock> earlier = PackageLock.read(file).filter(lock -> lock.kind() == script.kind());
            if (script.dependencies().isEmpty()) return lockWhatLiesThere(script, file);
            requireNoLink(script);
            try (var downloads = new Downloads(environment)) {
                boolean same = versions == Versions.LOCKED
                        && earlier.filter(lock -> lock.asked().equals(script.dependencies()))
                                .isPresent();
                Fetched fetched = same
                        ? asLocked(script, earlier.orElseThrow(), downloads, progress)
                        : resolved(script, versions, earlier, downloads, progress);
                requireRoom(script, fetched.lock(), earlier);
                lay(script, fetched, earlier);
                replace(file, fetched.lock().text());
                return vendored(script, fetched.lock(), fetched.downloaded(), file);
            }
        } catch (PackageException e) {
            throw UserException.failed(
                    "The packages of " + script.file() + " were not fetched",
                    String.valueOf(e.getMessage()),
                    "Name another package or version in its dependencies, or see that the registry can be reached");
        } catch (IOException e) {
            throw unreadable(script, e);
        }
    }

    private static Vendored vendored(Script script, PackageLock lock, int fetched, Path file) {
        return new Vendored(
                lock.packages().stream()
                        .map(each -> each.version().isEmpty() ? each.name() : each.name() + " " + each.version())
                        .toList(),
                fetched,
                script.folder(),
                file,
                lock.sha256());
    }

    private Vendored lockWhatLiesThere(Script script, Path file) throws IOException {
        if (!Files.isDirectory(script.folder()))
            throw UserException.badInput(
                    "There is nothing to fetch for " + script.file(),
                    "its head names no dependencies, and there is no folder "
                            + script.kind().folder() + " beside it",
                    "Write them into its head, like dependencies = [\""
                            + (script.kind() == PackageKind.PYTHON ? "humanize>=4" : "npm:left-pad@1.3.0") + "\"]");
        PackageLock lock = whatLiesIn(script);
        replace(file, lock.text());
        return vendored(script, lock, 0, file);
    }

    /** Files by path, and what is said of them. */
    private record Fetched(PackageLock lock, Map<String, byte[]> files, int downloaded) {}

    private Fetched asLocked(Script script, PackageLock lock, Downloads downloads, Consumer<String> progress)
            throws IOException, InterruptedException, PackageException {
        var files = new LinkedHashMap<String, byte[]>();
        int downloaded = 0;
        Registry registry = registry(script.kind(), downloads);
        for (Locked each : lock.packages()) {
            if (new PackageLock(script.kind(), List.of(), List.of(each))
                    .difference(script.folder())
                    .isEmpty()) continue;
            progress.accept("Fetching " + each.name() + " " + each.version());
            byte[] archive = downloads.get(URI.create(each.source()), "*/*");
            if (!Integrity.holds(each.integrity(), archive)) throw notAsLocked(script, each);
            Map<String, byte[]> unpacked = registry.unpack(each.name(), each.version(), archive);
            if (!hashes(unpacked).equals(each.files())) throw notAsLocked(script, each);
            files.putAll(unpacked);
            downloaded++;
        }
        return new Fetched(lock, files, downloaded);
    }

    private static UserException notAsLocked(Script script, Locked locked) {
        return UserException.notAllowed(
                "The packages of " + script.file() + " were not fetched",
                locked.name() + " " + locked.version() + " from " + locked.source()
                        + " is not what was locked: its hash differs",
                "Find out why before you use it; where it is right so, delete "
                        + PackageLock.of(script.file()).getFileName() + " and fetch anew");
    }

    private Fetched resolved(
            Script script,
            Versions versions,
            Optional<PackageLock> earlier,
            Downloads downloads,
            Consumer<String> progress)
            throws IOException, InterruptedException, PackageException {
        Registry registry = registry(script.kind(), downloads);
        var preferred = new HashMap<String, String>();
        if (versions == Versions.LOCKED)
            earlier.ifPresent(lock -> lock.packages().forEach(each -> preferred.put(each.name(), each.version())));
        progress.accept("Looking for " + String.join(", ", script.dependencies()));
        Collection<Found> found = new Resolution(registry, preferred)
                .of(script.dependencies().stream().map(registry::want).toList());
        var files = new TreeMap<String, byte[]>();
        var locked = new ArrayList<Locked>();
        long bytes = 0;
        for (Found each : found) {
            progress.accept("Fetching " + each.name() + " " + each.version());
            byte[] archive = each.archive().isPresent() ? each.archive().get() : downloads.get(each.source(), "*/*");
            if (!Integrity.holds(each.integrity(), archive))
                throw new PackageException(each.source() + " is not what the registry says of it: its hash differs");
            Map<String, byte[]> unpacked = registry.unpack(each.name(), each.version(), archive);
            for (Map.Entry<String, byte[]> file : unpacked.entrySet()) {
                byte[] other = files.put(file.getKey(), file.getValue());
                if (other != null && !java.util.Arrays.equals(other, file.getValue()))
                    throw new PackageException(each.name() + " " + each.version() + " and another package both hold "
                            + file.getKey() + ", and not the same");
                bytes += file.getValue().length;
            }
            if (bytes > Archives.MAX_BYTES || files.size() > Archives.MAX_FILES)
                throw new PackageException("together they hold more than " + Archives.MAX_FILES + " files or "
                        + (Archives.MAX_BYTES >> 20) + " MiB");
            locked.add(new Locked(
                    each.name(), each.version(), each.source().toString(), each.integrity(), hashes(unpacked)));
        }
        return new Fetched(new PackageLock(script.kind(), script.dependencies(), locked), files, locked.size());
    }

    private Registry registry(PackageKind kind, Downloads downloads) {
        return switch (kind) {
            case JAVASCRIPT -> new NpmRegistry(registries.npmRegistry(), downloads);
            case PYTHON -> new PythonIndex(registries.pythonIndex(), downloads);
        };
    }

    private static Map<String, String> hashes(Map<String, byte[]> files) {
        var hashes = new TreeMap<String, String>();
        files.forEach((path, bytes) -> hashes.put(path, Integrity.sha256(bytes)));
        return hashes;
    }

    private static void requireNoLink(Script script) {
        if (Files.isSymbolicLink(script.folder()))
            throw UserException.badInput(
                    "The packages of " + script.file() + " were not fetched",
                    script.folder() + " is a link",
                    "Put a folder in its place");
    }

    /** That nothing is overwritten that is the person's own, or another script's in another version. */
    private static void requireRoom(Script script, PackageLock lock, Optional<PackageLock> earlier) throws IOException {
        Map<String, String> own = earlier.map(PackageLock::files).orElse(Map.of());
        Map<String, PackageLock> others = locksBeside(script);
        for (Map.Entry<String, String> each : lock.files().entrySet()) {
            for (Map.Entry<String, PackageLock> other : others.entrySet()) {
                String locked = other.getValue().files().get(each.getKey());
                if (locked != null && !locked.equals(each.getValue()))
                    throw UserException.badInput(
                            "The packages of " + script.file() + " were not fetched",
                            each.getKey() + " is locked in another version by " + other.getKey(),
                            "Ask for the same versions, or put one of the scripts into a folder of its own");
            }
            Path file = script.folder().resolve(each.getKey());
            if (PackageLock.leadsOut(script.folder(), file)
                    || (Files.exists(file)
                            && !own.containsKey(each.getKey())
                            && !Integrity.sha256(Files.readAllBytes(file)).equals(each.getValue())))
                throw UserException.badInput(
                        "The packages of " + script.file() + " were not fetched",
                        file + " is there, and is nothing that was locked for it",
                        "Put it elsewhere, and fetch again");
        }
    }

    /** By the name of the file. */
    private static Map<String, PackageLock> locksBeside(Script script) throws IOException {
        var locks = new TreeMap<String, PackageLock>();
        Path own = PackageLock.of(script.file());
        Path folder = script.file().toAbsolutePath().getParent();
        try (Stream<Path> beside = Files.list(java.util.Objects.requireNonNull(folder))) {
            for (Path each : beside.toList()) {
                String name = String.valueOf(each.getFileName());
                if (name.endsWith("." + LOCK) && !name.equals(String.valueOf(own.getFileName())))
                    PackageLock.read(each)
                            .filter(lock -> lock.kind() == script.kind())
                            .ifPresent(lock -> locks.put(name, lock));
            }
        }
        return locks;
    }

    private static void lay(Script script, Fetched fetched, Optional<PackageLock> earlier) throws IOException {
        for (Map.Entry<String, byte[]> each : fetched.files().entrySet())
            write(script.folder().resolve(each.getKey()), each.getValue());
        Collection<PackageLock> others = locksBeside(script).values();
        for (String gone : earlier.map(PackageLock::files).orElse(Map.of()).keySet()) {
            boolean needed = fetched.lock().files().containsKey(gone)
                    || others.stream().anyMatch(lock -> lock.files().containsKey(gone));
            Path file = script.folder().resolve(gone);
            if (needed || PackageLock.leadsOut(script.folder(), file)) continue;
            Files.deleteIfExists(file);
            removeIfEmpty(script.folder(), file.getParent());
        }
    }

    private static void removeIfEmpty(Path root, @Nullable Path folder) throws IOException {
        for (Path at = folder; at != null && at.startsWith(root) && !at.equals(root); at = at.getParent()) {
            try (Stream<Path> left = Files.list(at)) {
                if (left.findAny().isPresent()) return;
            }
            Files.delete(at);
        }
    }

    private static void replace(Path file, String text) throws IOException {
        Path fresh = file.resolveSibling("." + file.getFileName() + ".new");
        Files.writeString(fresh, text);
        try {
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException _) {
            Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    // ---- export

    /**
     * Lays the packages of a lock beside a file, with the lock, as {@link #vendor} would.
     *
     * @throws UserException if they are not kept here, or something else is in their place
     */
    public void export(Script script) {
        Path kept = kept(script.locked(), script);
        try {
            PackageLock lock = PackageLock.read(store.resolve(script.locked()).resolve(LOCK))
                    .orElseThrow();
            requireNoLink(script);
            requireRoom(script, lock, PackageLock.read(PackageLock.of(script.file())));
            for (String each : lock.files().keySet())
                write(script.folder().resolve(each), Files.readAllBytes(kept.resolve(each)));
            replace(PackageLock.of(script.file()), lock.text());
        } catch (IOException e) {
            throw unreadable(script, e);
        }
    }
}
