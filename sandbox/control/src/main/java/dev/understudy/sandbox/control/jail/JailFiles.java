package dev.understudy.sandbox.control.jail;

import dev.understudy.sandbox.control.Grants;
import dev.understudy.sandbox.control.cells.RunFiles;
import dev.understudy.sandbox.control.files.FileNames;
import dev.understudy.sandbox.control.files.FileView;
import dev.understudy.sandbox.control.files.FileView.Kind;
import dev.understudy.sandbox.control.files.FileView.Links;
import dev.understudy.sandbox.control.files.FileView.OpenMode;
import dev.understudy.sandbox.control.files.FileViewException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Granted paths as the jail sees them, at their own paths, and the way back: what the jail changed there is done again in
 * the run's {@link FileView}, by the host, which checks every grant anew. So a jailed run and one in a cell have the same
 * changes, limits and commits.
 *
 * <p>A granted folder is an overlay where the kernel mounts one for this user, else a copy made through the view. A
 * granted file, or a path that does not exist yet, is a name in a folder of the jail's own, so that it can be made,
 * replaced and deleted like any other; whatever else the run leaves in that folder fails the run.
 *
 * <p>Used by one thread, after {@link #replay} no more.
 */
final class JailFiles {
    private static final int COPY_BYTES = 1 << 20;
    private static final Path ROOT = Path.of("/");

    /** More entries than this are not looked through for permissions; the folder is copied, within the disk limit. */
    private static final int MAX_LOOKED_THROUGH = 20_000;

    private final FileView view;
    private final Grants grants;
    private final JailSpace space;
    private final boolean overlays;
    private final boolean root;
    private final long maxCopyBytes;
    private final List<Path> staged;
    private final List<Path> gone;
    private final Instant started = Instant.now();
    private final List<JailArea> areas = new ArrayList<>();
    private final List<JailCommand.Mount> mounts = new ArrayList<>();
    private long copiedBytes;

    /** Where files with several names (hard links) were copied to. */
    private final Map<String, Path> linked = new HashMap<>();

    /** A view that would have to be copied is larger than the disk limit. */
    static final class TooLarge extends Exception {
        private static final long serialVersionUID = 1;

        TooLarge(String message) {
            super(message);
        }
    }

    private JailFiles(
            FileView view,
            Grants grants,
            RunFiles.ChangedPaths changed,
            JailSpace space,
            Jail jail,
            long maxCopyBytes) {
        this.view = view;
        this.grants = grants;
        this.space = space;
        this.overlays = jail.overlays() && !jail.kit().root();
        this.root = jail.kit().root();
        this.maxCopyBytes = maxCopyBytes;
        this.staged = changed.present();
        this.gone = changed.gone();
    }

    /**
     * Lays out the granted paths of one run.
     *
     * @param changed where its view differs from the host
     * @param hidden folders of the host that no grant gives, covered where a granted folder holds them
     */
    static JailFiles prepare(
            FileView view,
            Grants grants,
            RunFiles.ChangedPaths changed,
            List<Path> hidden,
            JailSpace space,
            Jail jail,
            long maxCopyBytes)
            throws IOException, FileViewException, TooLarge {
        JailFiles files = new JailFiles(view, grants, changed, space, jail, maxCopyBytes);
        files.layOut(hidden);
        return files;
    }

    List<JailCommand.Mount> mounts() {
        return mounts.stream()
                .sorted(Comparator.comparingInt(mount -> mount.target().getNameCount()))
                .toList();
    }

    JailCommand.RootAccess rootAccess() {
        return areas.stream().anyMatch(area -> area.inside().equals(ROOT))
                ? JailCommand.RootAccess.WRITABLE
                : JailCommand.RootAccess.READ_ONLY;
    }

    /** On the host, the folders that grow as the run writes. */
    List<Path> watched() {
        return areas.stream().map(JailArea::data).toList();
    }

    // ---- showing

    private void layOut(List<Path> hidden) throws IOException, FileViewException, TooLarge {
        for (Path path :
                Stream.concat(grants.reads().stream(), grants.writes().stream()).toList()) {
            if (!FileNames.isUtf8(path))
                throw new FileViewException(
                        FileViewException.Code.INVALID,
                        path
                                + " has a name that is no UTF-8, and the jail can name no such file to a program; rename it,"
                                + " or write the script in JavaScript or Python for a cell");
        }
        List<Path> writes = outermost(grants.writes());
        List<Path> reads = outermost(grants.reads()).stream()
                .filter(path -> writes.stream().noneMatch(path::startsWith))
                .toList();
        for (Path path : reads) showReadable(path);
        Path packages = grants.packages();
        Map<Path, List<Path>> named = new HashMap<>();
        for (Path path : writes) {
            if (kind(path) == Kind.DIRECTORY) showFolder(path);
            else
                named.computeIfAbsent(holder(path, reads), _ -> new ArrayList<>())
                        .add(path);
        }
        for (Map.Entry<Path, List<Path>> entry : named.entrySet()) showNames(entry.getKey(), entry.getValue(), reads);
        // After what may hold them, and before what they lie in is hidden: the deeper mount stays.
        if (packages != null) showReadable(packages);
        for (Path path : hidden) {
            if (Files.isDirectory(path) && isVisible(path.toRealPath())) cover(path);
        }
    }

    /** Shows an empty folder, but for places at which something of the run's own is shown, like its workspace. */
    private void cover(Path path) throws IOException {
        Path empty = space.run().folder("hidden-" + mounts.size());
        for (JailCommand.Mount mount : mounts) {
            if (!mount.target().startsWith(path) || mount.target().equals(path)) continue;
            Path place = empty.resolve(path.relativize(mount.target()));
            Files.createDirectories(place);
            for (Path made = place; made.startsWith(empty); made = parent(made))
                space.run().give(made);
        }
        mounts.add(new JailCommand.Mount.ReadOnly(empty, path));
    }

    private static List<Path> outermost(List<Path> paths) {
        List<Path> sorted = new ArrayList<>(new TreeSet<>(paths));
        List<Path> outermost = new ArrayList<>();
        for (Path path : sorted) {
            if (outermost.stream().noneMatch(path::startsWith)) outermost.add(path);
        }
        return outermost;
    }

    private boolean isVisible(Path path) {
        return mounts.stream()
                .anyMatch(mount ->
                        path.startsWith(mount.target()) && !mount.target().equals(ROOT));
    }

    private Kind kind(Path path) throws FileViewException {
        return shown(path).map(FileView.Attributes::kind).orElse(Kind.OTHER);
    }

    /** A link that is granted itself shows as what it leads to, and as itself where that is not there or not granted. */
    private Optional<FileView.Attributes> shown(Path path) throws FileViewException {
        try {
            Optional<FileView.Attributes> led = view.find(path, Links.FOLLOW);
            if (led.isPresent()) return led;
        } catch (FileViewException refused) {
            if (refused.code() != FileViewException.Code.NOT_GRANTED) throw refused;
        }
        return view.find(path, Links.NOFOLLOW);
    }

    /** Whether the view shows something below a folder that the host does not have there. */
    private boolean differs(Path folder) {
        return Stream.concat(staged.stream(), gone.stream()).anyMatch(path -> path.startsWith(folder));
    }

    private void showReadable(Path path) throws IOException, FileViewException, TooLarge {
        if (view.find(path, Links.FOLLOW).isEmpty()) return;
        if (differs(path) || (root && !othersCanRead(path.toRealPath()))) {
            Path copy = space.run().path().resolve("read-" + mounts.size());
            copy(path, copy, new HashMap<>());
            mounts.add(new JailCommand.Mount.ReadOnly(copy, path));
        } else {
            mounts.add(new JailCommand.Mount.ReadOnly(path.toRealPath(), path));
        }
    }

    /** Whether a uid that owns nothing can read all of it, once it has got there: only for a host that runs as root. */
    private static boolean othersCanRead(Path path) throws IOException {
        boolean[] readable = {true};
        int[] looked = {0};
        Files.walkFileTree(path, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
                return look(folder, EnumSet.of(PosixFilePermission.OTHERS_READ, PosixFilePermission.OTHERS_EXECUTE));
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                return attributes.isSymbolicLink()
                        ? FileVisitResult.CONTINUE
                        : look(file, EnumSet.of(PosixFilePermission.OTHERS_READ));
            }

            private FileVisitResult look(Path file, Set<PosixFilePermission> wanted) throws IOException {
                readable[0] = ++looked[0] <= MAX_LOOKED_THROUGH
                        && Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS)
                                .containsAll(wanted);
                return readable[0] ? FileVisitResult.CONTINUE : FileVisitResult.TERMINATE;
            }
        });
        return readable[0];
    }

    private void showFolder(Path path) throws IOException, FileViewException, TooLarge {
        String name = "area-" + areas.size();
        if (overlays && Files.isDirectory(path)) {
            showOverlay(path, name);
        } else {
            Path data = space.run().path().resolve(name);
            Map<Path, JailArea.Stamp> stamps = new HashMap<>();
            copy(path, data, stamps);
            areas.add(new JailArea.Copy(path, data, stamps, JailArea.Extras.FAIL));
            mounts.add(new JailCommand.Mount.Writable(data, path));
        }
    }

    private void showOverlay(Path path, String name) throws IOException, FileViewException, TooLarge {
        RunFolder run = space.run();
        List<Path> lowers = new ArrayList<>();
        if (differs(path)) {
            Path layer = changedLayer(path, run.folder(name + "-changed"));
            finish(path, layer, view.attributes(path, Links.FOLLOW));
            lowers.add(layer);
        }
        // By a link, because a path with a comma or a colon could not stand in mount options.
        lowers.add(Files.createSymbolicLink(run.path().resolve(name + "-lower"), path.toRealPath()));
        Path upper = run.folder(name);
        Files.setPosixFilePermissions(upper, Files.getPosixFilePermissions(path));
        mounts.add(new JailCommand.Mount.Overlay(
                lowers, upper, run.folder(name + "-work"), run.folder(name + "-merged"), path));
        areas.add(new JailArea.Overlay(path, upper));
    }

    /** What the view shows otherwise than the host: a layer between the host's folder and what the jail changes. */
    private Path changedLayer(Path path, Path layer) throws IOException, FileViewException, TooLarge {
        for (Path changed : staged) {
            if (!changed.startsWith(path)) continue;
            Path target = layer.resolve(FileNames.onDisk(path.relativize(changed)));
            makeLayerFolders(parent(changed), path, layer);
            FileView.Attributes attributes = view.attributes(changed, Links.NOFOLLOW);
            if (attributes.kind() == Kind.DIRECTORY) makeLayerFolders(changed, path, layer);
            else copyEntry(changed, attributes, target, new HashMap<>());
        }
        for (Path deleted : outermost(gone)) {
            if (!deleted.startsWith(path)) continue;
            // Where its folder is a file or a link by now, or is deleted itself, there is nothing left to hide.
            if (view.find(parent(deleted), Links.NOFOLLOW)
                            .map(FileView.Attributes::kind)
                            .orElse(Kind.OTHER)
                    != Kind.DIRECTORY) continue;
            makeLayerFolders(parent(deleted), path, layer);
            Whiteout.make(layer.resolve(FileNames.onDisk(path.relativize(deleted))), space.architecture());
        }
        return layer;
    }

    /** A layer's folder decides how the folder looks, so each is as the view has it. */
    private void makeLayerFolders(Path folder, Path path, Path layer) throws IOException, FileViewException {
        if (!folder.startsWith(path) || folder.equals(path)) return;
        Path target = layer.resolve(FileNames.onDisk(path.relativize(folder)));
        if (Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS)) return;
        makeLayerFolders(parent(folder), path, layer);
        Files.createDirectory(target);
        finish(folder, target, view.attributes(folder, Links.FOLLOW));
    }

    /** The folder in which a name that is no folder is to be shown. */
    private static Path holder(Path path, List<Path> reads) {
        Path parent = parent(path);
        if (reads.stream().noneMatch(parent::startsWith)) return parent;
        while (!Files.isDirectory(parent)) parent = parent(parent);
        return parent;
    }

    private static Path parent(Path path) {
        Path parent = path.getParent();
        return parent == null ? ROOT : parent;
    }

    private void showNames(Path holder, List<Path> names, List<Path> reads)
            throws IOException, FileViewException, TooLarge {
        if (reads.stream().anyMatch(holder::startsWith)) {
            showFolder(holder);
            return;
        }
        Optional<Path> own = space.writableFolder(holder);
        Path data = own.isPresent()
                ? own.get()
                : holder.equals(ROOT) ? space.jailRoot() : space.run().folder("area-" + areas.size());
        Map<Path, JailArea.Stamp> stamps = new HashMap<>();
        for (Path name : names) {
            if (shown(name).isPresent()) copy(name, data.resolve(name.getFileName()), stamps);
        }
        areas.add(new JailArea.Copy(
                holder, data, stamps, own.isPresent() ? JailArea.Extras.IGNORE : JailArea.Extras.FAIL));
        if (own.isEmpty() && !holder.equals(ROOT)) mounts.add(new JailCommand.Mount.Writable(data, holder));
    }

    /** Copies what the view shows; a link that is granted itself as what it leads to. */
    private void copy(Path from, Path to, Map<Path, JailArea.Stamp> stamps)
            throws IOException, FileViewException, TooLarge {
        linked.clear();
        FileView.Attributes attributes = shown(from).orElse(null);
        if (attributes == null) return;
        if (attributes.kind() == Kind.DIRECTORY) copyFolder(from, attributes, to, stamps);
        else copyEntry(from, attributes, to, stamps);
    }

    private void copyFolder(Path from, FileView.Attributes attributes, Path to, Map<Path, JailArea.Stamp> stamps)
            throws IOException, FileViewException, TooLarge {
        Files.createDirectory(to);
        for (String name : view.list(from)) {
            Path child = from.resolve(name);
            FileView.Attributes about = view.attributes(child, Links.NOFOLLOW);
            Path copy = to.resolve(FileNames.onDisk(child.getFileName()));
            if (about.kind() == Kind.DIRECTORY) copyFolder(child, about, copy, stamps);
            else copyEntry(child, about, copy, stamps);
        }
        finish(from, to, attributes);
        stamps.put(to, JailArea.Stamp.of(to));
    }

    private void copyEntry(Path from, FileView.Attributes attributes, Path to, Map<Path, JailArea.Stamp> stamps)
            throws IOException, FileViewException, TooLarge {
        copiedBytes += attributes.size() + DiskUse.ENTRY_BYTES;
        if (copiedBytes > maxCopyBytes)
            throw new TooLarge("the granted files are to be copied for this run (" + why() + "), and up to " + from
                    + " they are larger than its disk limit of " + maxCopyBytes + " bytes");
        switch (attributes.kind()) {
            case FILE -> {
                Path earlier = attributes.names() < 2 ? null : linked.putIfAbsent(attributes.fileKey(), to);
                if (earlier != null) {
                    Files.createLink(to, earlier);
                    // It counts its names, which is a change of it.
                    stamps.replace(earlier, JailArea.Stamp.of(earlier));
                } else {
                    copyFile(from, to);
                    finish(from, to, attributes);
                }
            }
            case SYMBOLIC_LINK -> {
                Files.createSymbolicLink(to, FileNames.onDisk(view.readSymbolicLink(from)));
                Files.getFileAttributeView(to, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                        .setTimes(FileTime.from(attributes.lastModified()), null, null);
                space.run().give(to);
            }
            case OTHER -> {
                // A pipe or a device is no file to copy, and the view gives no way to use it either.
                return;
            }
            case DIRECTORY -> throw new IllegalStateException(from + " is a folder");
        }
        stamps.put(to, JailArea.Stamp.of(to));
    }

    private String why() {
        return root ? "the host runs as root, and the jail does not" : "this kernel mounts no overlay for this user";
    }

    private void copyFile(Path from, Path to) throws IOException, FileViewException {
        int handle = view.open(from, Set.of(OpenMode.READ));
        try (OutputStream out = Files.newOutputStream(to, StandardOpenOption.CREATE_NEW)) {
            long position = 0;
            byte[] chunk = view.read(handle, position, COPY_BYTES);
            while (chunk.length > 0) {
                out.write(chunk);
                position += chunk.length;
                chunk = view.read(handle, position, COPY_BYTES);
            }
        } finally {
            view.close(handle);
        }
    }

    private void finish(Path from, Path to, FileView.Attributes attributes) throws IOException, FileViewException {
        FileView.putPersonsAttributes(to, view.extendedAttributes(view.realPath(from)));
        int allowed = attributes.kind() == Kind.DIRECTORY ? 01777 : 0777;
        Files.setAttribute(to, "unix:mode", attributes.posixMode() & allowed);
        Files.setLastModifiedTime(to, FileTime.from(attributes.lastModified()));
        space.run().give(to);
    }

    // ---- taking back

    /** Does in the view what the jail did in its areas; only once nothing of the jail runs any more. */
    void replay() throws IOException, FileViewException, TakenBack.Failure {
        OwnerNotes notes = root ? OwnerNotes.read(space.result()) : OwnerNotes.none();
        new TakenBack(view, grants, space.targets(), started, notes).of(areas);
    }
}
