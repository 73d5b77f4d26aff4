package dev.understudy.sandbox.control.files;

import dev.understudy.sandbox.control.Grants;
import dev.understudy.sandbox.control.Limits;
import dev.understudy.sandbox.control.StagedEntry;
import dev.understudy.sandbox.control.files.FileViewException.Code;
import dev.understudy.sandbox.control.files.Node.Absent;
import dev.understudy.sandbox.control.files.Node.Directory;
import dev.understudy.sandbox.control.files.Node.RegularFile;
import dev.understudy.sandbox.control.files.Node.Special;
import dev.understudy.sandbox.control.files.Node.SymbolicLink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The view of one run over the host's own files: nothing on the host changes until the changes are committed.
 *
 * <p>What a run changes lives in memory as a tree of differences; only file data is written, into a private folder that
 * is made with the first write. A renamed folder keeps its origin, so renaming copies nothing. Files of the host are
 * opened without following links (see {@link HostFiles}); a link is followed only by the view itself, name by name,
 * so that it leads nowhere but to granted paths.
 *
 * <p>Folders above a granted path answer as plain folders that hold only what leads to a grant; anything else outside
 * the grants answers {@link Code#NOT_GRANTED} with the grant that would do, whether it exists or not. A file that is
 * granted by one name is granted, even if it has other names (hard links) elsewhere; writing gives the granted name a
 * file of its own.
 */
public final class CopyOnWriteView implements FileView {
    private static final int MAX_LINKS = 40;
    private static final int MAX_READ = 16 << 20;
    /** Counts against the disk limit for each new entry, since a million empty files fill a disk as well. */
    static final long ENTRY_BYTES = 4096;

    private final HostFiles host;
    private final GrantedPaths granted;
    private final Path runDirectory;
    private final Path workspace;
    private final Limits limits;
    private final NewModes newModes;
    private final InstantSource clock;
    private final Instant started;
    private final Baseline baseline;
    private final Map<Path, RegularFile> openLower = new HashMap<>();
    private final Map<Integer, Handle> handles = new HashMap<>();
    private final Map<String, LinkedCopy> linkedCopies = new HashMap<>();
    private int lastHandle;
    private int lastName;
    private boolean runDirectoryMade;
    private long diskBytes;
    private long peakDiskBytes;
    private int peakOpenFiles;
    private long ioBytes;
    private Optional<LimitHit> limitHit = Optional.empty();

    private record Handle(RegularFile file, boolean mayRead, boolean mayWrite) {}

    /** A name that has been resolved: no link is left in it except perhaps the last node. */
    private record Place(
            @Nullable Place up,
            String name,
            Path path,
            @Nullable Node node) {
        Directory directory() {
            if (node instanceof Directory directory) return directory;
            throw new IllegalStateException(path + " is no folder");
        }

        Place parent() {
            return up == null ? this : up;
        }
    }

    CopyOnWriteView(
            HostFiles host,
            Grants grants,
            Limits limits,
            Path runDirectory,
            Collection<Path> hostOwn,
            List<MadeLinks.Made> madeLinks,
            NewModes newModes,
            InstantSource clock)
            throws IOException, FileViewException {
        this.host = host;
        this.runDirectory = runDirectory;
        this.workspace = runDirectory.resolve("workspace");
        this.limits = limits;
        this.newModes = newModes;
        this.clock = clock;
        this.started = clock.instant();
        this.granted = new GrantedPaths(grants, workspace, hostOwn, madeLinks);
        this.baseline = new Baseline(host);
    }

    @Override
    public Path workspace() {
        return workspace;
    }

    @Override
    public void expectUnchangedSince(Instant moment) {
        baseline.expectUnchangedSince(moment);
    }

    /** Makes a file or link that the run sees as though it existed; it is no change of the run's. */
    void stage(Path path, StagedEntry entry) throws FileViewException {
        Path parent = path.getParent();
        if (parent == null) throw new FileViewException(Code.INVALID, "the root cannot be staged");
        stageDirectory(parent);
        switch (entry) {
            case StagedEntry.File file -> stageFile(path, file);
            case StagedEntry.Link(Path target) -> stageLink(path, target);
        }
    }

    private void stageLink(Path path, Path target) throws FileViewException {
        Place place = resolve(path, Links.NOFOLLOW, NotGranted.READING);
        if (place.node instanceof Directory)
            throw new FileViewException(Code.IS_A_DIRECTORY, "a staged link would hide a folder: " + shown(path));
        if (!granted.mayRead(place.path)) throw notGranted(path, place.path, NotGranted.READING);
        SymbolicLink link = new SymbolicLink(newKey(), null, null, target);
        link.modified = started;
        baseline.stageLink(place.path, target, started);
        put(place, link);
    }

    private void stageFile(Path path, StagedEntry.File entry) throws FileViewException {
        Place place = resolve(path, Links.FOLLOW, NotGranted.READING);
        if (place.node instanceof Directory)
            throw new FileViewException(Code.IS_A_DIRECTORY, "a staged file would hide a folder: " + shown(path));
        if (!granted.mayRead(place.path)) throw notGranted(path, place.path, NotGranted.READING);
        RegularFile file = new RegularFile(newKey(), null, null);
        file.staged = entry.bytes().clone();
        file.modified = entry.modified().orElse(started);
        file.mode = entry.mode().orElse(newModes.file());
        baseline.stageFile(place.path, file.staged, file.mode, file.modified);
        put(place, file);
    }

    /** Makes a folder that the run sees as though it existed. */
    void stageDirectory(Path path) throws FileViewException {
        // From the top: a folder cannot be looked for in one that is yet to be staged.
        if (path.getParent() == null) return;
        stageDirectory(path.getParent());
        Place place = resolve(path, Links.FOLLOW, NotGranted.READING);
        if (place.node instanceof Directory) return;
        if (!granted.mayRead(place.path)) throw notGranted(path, place.path, NotGranted.READING);
        if (place.node != null)
            throw new FileViewException(Code.ALREADY_EXISTS, "a staged folder would hide a file: " + shown(path));
        Directory directory = new Directory(newKey(), null, null);
        directory.modified = started;
        baseline.stageFolder(place.path, newModes.folder(), started);
        put(place, directory);
    }

    // ---- looking

    @Override
    public Attributes attributes(Path path, Links links) throws FileViewException {
        Place place = existing(path, links, NotGranted.READING);
        return attributesOf(place.path, Objects.requireNonNull(place.node));
    }

    private Attributes attributesOf(Path path, Node node) throws FileViewException {
        return switch (node) {
            case Directory directory -> {
                HostStatus status = directory.status;
                if (status == null && directory.lower != null && directory.gates == null)
                    status = lowerStatus(directory.lower).orElse(null);
                yield attributes(Kind.DIRECTORY, 0, node, status, newModes.folder());
            }
            case RegularFile file -> {
                long size = file.upper != null
                        ? file.upperSize
                        : file.onHost() == null && file.staged != null ? file.staged.length : sizeOnHost(path, file);
                yield attributes(Kind.FILE, size, node, file.status, newModes.file());
            }
            case SymbolicLink link ->
                attributes(Kind.SYMBOLIC_LINK, link.target.toString().length(), node, link.status, 0777);
            case Special special -> attributes(Kind.OTHER, 0, node, special.status, 0600);
            case Absent _ -> throw new IllegalStateException("nothing is at " + path);
        };
    }

    private Attributes attributes(Kind kind, long size, Node node, @Nullable HostStatus status, int defaultMode) {
        Instant modified = node.modified != null ? node.modified : status == null ? started : status.modified();
        int mode = node.mode != null ? node.mode : status == null ? defaultMode : status.mode();
        Traits.Owner owner = Objects.requireNonNullElse(ownerOf(node, status), newModes.owner());
        return new Attributes(
                kind,
                size,
                modified,
                status == null ? modified : status.created(),
                mode,
                owner.uid(),
                owner.gid(),
                node.key,
                namesOf(node, status));
    }

    private static int namesOf(Node node, @Nullable HostStatus status) {
        if (!(node instanceof RegularFile file)) return 1;
        // What has data of its own is no longer the file that has the host's names.
        return status == null || file.upper != null ? file.names : status.names() + file.names - 1;
    }

    private static Traits.@Nullable Owner ownerOf(Node node, @Nullable HostStatus status) {
        if (node.traits.owner() != null) return node.traits.owner();
        return status == null ? null : status.owner();
    }

    private long sizeOnHost(Path path, RegularFile file) throws FileViewException {
        if (file.channel == null)
            return Objects.requireNonNull(file.onHost()).status().size();
        try {
            return file.channel.size();
        } catch (IOException e) {
            throw failed("reading", path, e);
        }
    }

    @Override
    public List<String> list(Path path) throws FileViewException {
        Place place = existing(path, Links.FOLLOW, NotGranted.READING);
        if (!(place.node instanceof Directory directory))
            throw new FileViewException(Code.NOT_A_DIRECTORY, "not a folder: " + shown(path));
        return List.copyOf(names(place, directory));
    }

    private Set<String> names(Place place, Directory directory) throws FileViewException {
        Set<String> names = new TreeSet<>();
        if (directory.gates != null) {
            for (String name : directory.gates) if (lookUp(place, directory, name, place.path) != null) names.add(name);
            return names;
        }
        if (directory.lower != null) {
            for (String name : lowerNames(directory.lower))
                if (!granted.isHidden(directory.lower.resolve(name))) names.add(name);
        }
        directory.own.forEach((name, node) -> {
            if (node instanceof Absent) names.remove(name);
            else names.add(name);
        });
        return names;
    }

    private List<String> lowerNames(Path lower) throws FileViewException {
        try {
            return host.list(lower);
        } catch (NoSuchFileException | NotDirectoryException _) {
            return List.of();
        } catch (IOException e) {
            throw failed("listing", lower, e);
        }
    }

    @Override
    public Path realPath(Path path) throws FileViewException {
        return existing(path, Links.FOLLOW, NotGranted.READING).path;
    }

    @Override
    public Path readSymbolicLink(Path path) throws FileViewException {
        Place place = existing(path, Links.NOFOLLOW, NotGranted.READING);
        if (place.node instanceof SymbolicLink link) return link.target;
        throw new FileViewException(Code.NOT_A_LINK, "not a symbolic link: " + shown(path));
    }

    // ---- file data

    @Override
    public int open(Path path, Set<OpenMode> modes) throws FileViewException {
        boolean write = modes.contains(OpenMode.WRITE);
        boolean createNew = modes.contains(OpenMode.CREATE_NEW);
        Place place = resolve(
                path, createNew ? Links.NOFOLLOW : Links.FOLLOW, write ? NotGranted.WRITING : NotGranted.READING);
        if (write) requireWritable(path, place.path);
        if (handles.size() >= limits.openFiles())
            throw limitExceeded(LimitHit.Resource.OPEN_FILES, limits.openFiles(), handles.size() + 1L);
        RegularFile file = switch (place.node) {
            case null -> create(path, place, modes);
            case RegularFile found -> {
                if (createNew) throw alreadyExists(path);
                yield found;
            }
            case Directory _ ->
                throw createNew
                        ? alreadyExists(path)
                        : new FileViewException(Code.IS_A_DIRECTORY, "is a folder: " + shown(path));
            case SymbolicLink _ -> throw alreadyExists(path);
            case Special _ -> throw new FileViewException(Code.INVALID, "not a regular file: " + shown(path));
            case Absent _ -> throw new IllegalStateException("absent nodes are not resolved");
        };
        if (write && place.node != null) keep(place);
        boolean truncate = write && modes.contains(OpenMode.TRUNCATE);
        openData(path, file, truncate);
        int handle = ++lastHandle;
        handles.put(handle, new Handle(file, modes.contains(OpenMode.READ), write));
        file.handles++;
        peakOpenFiles = Math.max(peakOpenFiles, handles.size());
        return handle;
    }

    private RegularFile create(Path path, Place place, Set<OpenMode> modes) throws FileViewException {
        if (!modes.contains(OpenMode.CREATE) && !modes.contains(OpenMode.CREATE_NEW)) throw notFound(path);
        // Creating is writing, even where the file is then only read.
        requireWritable(path, place.path);
        charge(ENTRY_BYTES);
        RegularFile file = new RegularFile(newKey(), null, null);
        file.charged = ENTRY_BYTES;
        file.modified = clock.instant();
        file.upper = newUpper();
        put(place, file);
        return file;
    }

    private void openData(Path path, RegularFile file, boolean truncate) throws FileViewException {
        try {
            if (truncate && file.upper == null) {
                closeData(file);
                makeUpper(file);
            }
            if (file.upper != null) {
                if (file.channel == null)
                    file.channel = FileChannel.open(file.upper, StandardOpenOption.READ, StandardOpenOption.WRITE);
                if (truncate) resize(file, 0);
                return;
            }
            RegularFile.Original onHost = file.onHost();
            if (onHost == null || file.channel != null) return;
            HostFiles.Opened opened = host.openRegular(onHost.path());
            file.channel = opened.channel();
            baseline.observe(onHost.path(), opened.status());
            if (file.original == null) openLower.put(onHost.path(), file);
        } catch (IOException e) {
            throw failed("opening", path, e);
        }
    }

    @Override
    public byte[] read(int handle, long position, int length) throws FileViewException {
        Handle open = handle(handle);
        if (!open.mayRead) throw new FileViewException(Code.BAD_HANDLE, "the file was not opened for reading");
        if (position < 0 || length < 0)
            throw new FileViewException(Code.INVALID, "position and length must not be negative");
        RegularFile file = open.file;
        if (file.upper == null && file.onHost() == null && file.staged != null) {
            int from = (int) Math.min(position, file.staged.length);
            int to = (int) Math.min(file.staged.length, from + (long) length);
            ioBytes += to - from;
            return Arrays.copyOfRange(file.staged, from, to);
        }
        try {
            FileChannel channel = Objects.requireNonNull(file.channel);
            long left = Math.max(0, channel.size() - position);
            ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(Math.min(length, MAX_READ), left));
            while (buffer.hasRemaining()) if (channel.read(buffer, position + buffer.position()) < 0) break;
            ioBytes += buffer.position();
            return buffer.hasRemaining() ? Arrays.copyOf(buffer.array(), buffer.position()) : buffer.array();
        } catch (IOException e) {
            throw failed("reading", file, e);
        }
    }

    @Override
    public void write(int handle, long position, byte[] bytes) throws FileViewException {
        RegularFile file = writable(handle);
        if (position < 0) throw new FileViewException(Code.INVALID, "position must not be negative");
        if (bytes.length == 0) return;
        try {
            copyUp(file);
            long end = position > Long.MAX_VALUE - bytes.length ? Long.MAX_VALUE : position + bytes.length;
            grow(file, Math.max(end, file.upperSize));
            FileChannel channel = Objects.requireNonNull(file.channel);
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) channel.write(buffer, position + buffer.position());
            ioBytes += bytes.length;
            file.modified = clock.instant();
            file.timeSet = false;
        } catch (IOException e) {
            throw failed("writing", file, e);
        }
    }

    @Override
    public long size(int handle) throws FileViewException {
        RegularFile file = handle(handle).file;
        if (file.upper != null) return file.upperSize;
        RegularFile.Original onHost = file.onHost();
        if (onHost != null) return sizeOnHost(onHost.path(), file);
        return Objects.requireNonNull(file.staged).length;
    }

    @Override
    public void truncate(int handle, long size) throws FileViewException {
        RegularFile file = writable(handle);
        if (size < 0) throw new FileViewException(Code.INVALID, "size must not be negative");
        try {
            copyUp(file);
            resize(file, size);
        } catch (IOException e) {
            throw failed("writing", file, e);
        }
    }

    private void resize(RegularFile file, long size) throws IOException, FileViewException {
        FileChannel channel = Objects.requireNonNull(file.channel);
        if (size > file.upperSize) {
            grow(file, size);
            // The one way to lengthen a file in Java: its last byte.
            channel.write(ByteBuffer.allocate(1), size - 1);
        } else {
            channel.truncate(size);
            refund(file.upperSize - size);
            file.charged -= file.upperSize - size;
            file.upperSize = size;
        }
        file.modified = clock.instant();
        file.timeSet = false;
    }

    /** Counts what a file is to have; nothing has been written yet. */
    private void grow(RegularFile file, long size) throws FileViewException {
        charge(size - file.upperSize);
        file.charged += size - file.upperSize;
        file.upperSize = size;
    }

    /** Gives a file data of its own, once. */
    private void copyUp(RegularFile file) throws IOException, FileViewException {
        if (file.upper != null) return;
        byte[] staged = file.onHost() == null ? file.staged : null;
        FileChannel lower = file.channel;
        long size =
                staged != null ? staged.length : Objects.requireNonNull(lower).size();
        charge(size);
        Path upper = newUpper();
        FileChannel channel = FileChannel.open(upper, StandardOpenOption.READ, StandardOpenOption.WRITE);
        if (staged != null) {
            ByteBuffer buffer = ByteBuffer.wrap(staged);
            while (buffer.hasRemaining()) channel.write(buffer);
        } else {
            copy(Objects.requireNonNull(lower), channel, size);
            closeData(file);
        }
        file.upper = upper;
        file.original = null;
        file.channel = channel;
        file.upperSize = size;
        file.charged += size;
    }

    private static void copy(FileChannel from, FileChannel to, long size) throws IOException {
        long position = 0;
        while (position < size) {
            long moved = from.transferTo(position, size - position, to);
            if (moved <= 0) throw new IOException("the file became shorter while it was copied");
            position += moved;
        }
    }

    private void makeUpper(RegularFile file) throws FileViewException, IOException {
        if (file.lower != null) baseline.observe(file.lower);
        file.upper = newUpper();
        file.original = null;
        file.upperSize = 0;
    }

    private Path newUpper() throws FileViewException {
        try {
            if (!runDirectoryMade) {
                Files.createDirectories(
                        runDirectory,
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
                runDirectoryMade = true;
            }
            return Files.createFile(
                    runDirectory.resolve("f" + ++lastName),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } catch (IOException e) {
            throw failed("writing", workspace, e);
        }
    }

    @Override
    public void close(int handle) throws FileViewException {
        RegularFile file = handle(handle).file;
        handles.remove(handle);
        if (--file.handles > 0) return;
        try {
            closeData(file);
            if (file.unlinked) discard(file);
        } catch (IOException e) {
            throw failed("closing", file, e);
        }
    }

    private void closeData(RegularFile file) throws IOException {
        if (file.lower != null) openLower.remove(file.lower, file);
        FileChannel channel = file.channel;
        file.channel = null;
        if (channel != null) channel.close();
    }

    private void discard(RegularFile file) throws IOException {
        refund(file.charged);
        file.charged = 0;
        if (file.upper != null) Files.deleteIfExists(file.upper);
    }

    private Handle handle(int handle) throws FileViewException {
        Handle open = handles.get(handle);
        if (open == null) throw new FileViewException(Code.BAD_HANDLE, "no open file has the handle " + handle);
        return open;
    }

    private RegularFile writable(int handle) throws FileViewException {
        Handle open = handle(handle);
        if (!open.mayWrite) throw new FileViewException(Code.BAD_HANDLE, "the file was not opened for writing");
        return open.file;
    }

    // ---- names

    @Override
    public void createDirectory(Path path) throws FileViewException {
        Place place = resolve(path, Links.NOFOLLOW, NotGranted.WRITING);
        if (place.node != null) throw alreadyExists(path);
        if (!granted.mayWrite(place.path) && !granted.leadsToWritable(place.path))
            throw notGranted(path, place.path, NotGranted.WRITING);
        charge(ENTRY_BYTES);
        Directory directory = new Directory(newKey(), null, null);
        directory.charged = ENTRY_BYTES;
        directory.modified = clock.instant();
        put(place, directory);
    }

    @Override
    public void copy(Path from, Path to, Follow follow, Keep keep) throws FileViewException {
        Place source = existing(from, follow.named(), NotGranted.READING);
        copy(from, source, to, follow.met(), new Copying(keep, String.valueOf(to.getParent()), new ArrayDeque<>()));
    }

    /**
     * One copy under way.
     *
     * @param into the folder that it goes to
     * @param above the folders that are being copied, of which none may be met again through a link
     */
    private record Copying(Keep keep, String into, Deque<Path> above) {}

    /** A file with several names that was copied, and where to. */
    private record LinkedCopy(Path from, Path to) {}

    private void copy(Path from, Place source, Path to, Links links, Copying copying) throws FileViewException {
        Deque<Path> above = copying.above;
        switch (Objects.requireNonNull(source.node)) {
            case Directory directory -> {
                if (above.contains(source.path))
                    throw new FileViewException(
                            Code.TOO_MANY_LINKS, "a link leads back to its own folder: " + shown(from));
                above.push(source.path);
                copyFolder(from, source, directory, to, links, copying);
                above.pop();
            }
            case RegularFile file -> {
                if (!linkToEarlierCopy(source, to, copying)) copyFile(from, source, file, to, copying.keep);
            }
            case SymbolicLink link -> copyLink(from, source, link, to, copying.keep);
            case Special _ ->
                throw new FileViewException(
                        Code.INVALID, "not a regular file, link or folder, so it is not copied: " + shown(from));
            case Absent _ -> throw new IllegalStateException("absent nodes are not resolved");
        }
    }

    /** Of a file with several names, of which another has been copied to the same folder, the copy gets one more. */
    private boolean linkToEarlierCopy(Place source, Path to, Copying copying) throws FileViewException {
        Node file = Objects.requireNonNull(source.node);
        if (copying.keep != Keep.ALL || attributesOf(source.path, file).names() < 2) return false;
        LinkedCopy now = new LinkedCopy(source.path, to);
        String name = file.key + " " + copying.into;
        LinkedCopy earlier = linkedCopies.putIfAbsent(name, now);
        if (earlier == null) return false;
        Place target = resolve(to, Links.NOFOLLOW, NotGranted.WRITING);
        Node copied = resolve(earlier.to, Links.NOFOLLOW, NotGranted.READING).node;
        // Copied once more it is a copy of its own.
        if (earlier.from.equals(source.path) || !(copied instanceof RegularFile)) {
            linkedCopies.put(name, now);
            return false;
        }
        if (target.node == copied) return true;
        if (target.node instanceof Directory)
            throw new FileViewException(Code.IS_A_DIRECTORY, "is a folder: " + shown(to));
        if (target.node != null) delete(to);
        createLink(to, earlier.to);
        return true;
    }

    private void copyFolder(Path from, Place source, Directory directory, Path to, Links links, Copying copying)
            throws FileViewException {
        Keep keep = copying.keep;
        Place target = resolve(to, Links.NOFOLLOW, NotGranted.WRITING);
        if (target.path.startsWith(source.path))
            throw new FileViewException(Code.INVALID, "a folder cannot be copied into itself: " + shown(to));
        boolean isNew = target.node == null;
        if (!isNew && !(target.node instanceof Directory))
            throw new FileViewException(Code.NOT_A_DIRECTORY, "not a folder: " + shown(to));
        // What is in it is looked at first: it may not change while the copy grows beside it.
        Set<String> names = names(source, directory);
        if (isNew) createDirectory(to);
        for (String name : names) {
            Path child = from.resolve(name);
            copy(child, existing(child, links, NotGranted.READING), to.resolve(name), links, copying);
        }
        if (!isNew && keep == Keep.CONTENT) return;
        Place made = existing(to, Links.NOFOLLOW, NotGranted.WRITING);
        keep(made);
        Node copied = Objects.requireNonNull(made.node);
        Attributes original = attributesOf(source.path, directory);
        copied.mode = keep == Keep.CONTENT ? newModes.ofCopy(original.posixMode()) : original.posixMode() & 03777;
        stamp(copied, original, directory, keep);
    }

    private void copyFile(Path from, Place source, RegularFile file, Path to, Keep keep) throws FileViewException {
        Place target = resolve(to, Links.FOLLOW, NotGranted.WRITING);
        requireWritable(to, target.path);
        if (target.node == null && resolve(to, Links.NOFOLLOW, NotGranted.WRITING).node != null)
            throw new FileViewException(Code.INVALID, "a link that leads nowhere is there: " + shown(to));
        Attributes original = attributesOf(source.path, file);
        RegularFile copied = switch (target.node) {
            case null -> {
                charge(ENTRY_BYTES);
                RegularFile made = new RegularFile(newKey(), null, null);
                made.charged = ENTRY_BYTES;
                made.mode = newModes.ofCopy(original.posixMode());
                yield made;
            }
            case RegularFile found -> found;
            case Directory _ -> throw new FileViewException(Code.IS_A_DIRECTORY, "is a folder: " + shown(to));
            case SymbolicLink _ -> throw new IllegalStateException("a link was not followed: " + to);
            case Special _ -> throw new FileViewException(Code.INVALID, "not a regular file: " + shown(to));
            case Absent _ -> throw new IllegalStateException("absent nodes are not resolved");
        };
        if (copied == file || target.path.equals(source.path))
            throw new FileViewException(Code.INVALID, "cannot copy a file onto itself: " + shown(from));
        try {
            copyData(file, copied);
        } catch (IOException e) {
            throw failed("copying", source.path, e);
        }
        // For a host's own file the kernel does it at the commit; to the script it is the same reading and writing.
        ioBytes += 2 * original.size();
        copied.modified = clock.instant();
        copied.timeSet = false;
        if (target.node == null) put(target, copied);
        else keep(target);
        if (keep != Keep.CONTENT) copied.mode = original.posixMode() & 0777;
        stamp(copied, original, file, keep);
    }

    private static @Nullable Path onHost(RegularFile file) {
        RegularFile.Original original = file.onHost();
        return original == null ? null : original.path();
    }

    /** Gives one file the bytes of another: those of the host are only pointed at. */
    private void copyData(RegularFile from, RegularFile to) throws IOException, FileViewException {
        if (to.lower != null) baseline.observe(to.lower);
        RegularFile.Original original = from.onHost();
        if (original != null && to.handles == 0) {
            baseline.observe(original.path(), original.status());
            closeData(to);
            if (to.upper != null) {
                Files.deleteIfExists(to.upper);
                refund(to.upperSize);
                to.charged -= to.upperSize;
                to.upper = null;
                to.upperSize = 0;
            }
            to.original = original;
            return;
        }
        if (to.upper == null) {
            closeData(to);
            makeUpper(to);
        }
        try (FileChannel source = data(from);
                FileChannel target = FileChannel.open(Objects.requireNonNull(to.upper), StandardOpenOption.WRITE)) {
            long size = source == null ? Objects.requireNonNull(from.staged).length : source.size();
            target.truncate(0);
            grow(to, size);
            if (source != null) copy(source, target, size);
            else target.write(ByteBuffer.wrap(Objects.requireNonNull(from.staged)));
        }
    }

    /** What a file holds now, whoever has it open; null if it is staged. */
    private @Nullable FileChannel data(RegularFile file) throws IOException {
        if (file.upper != null) return FileChannel.open(file.upper, StandardOpenOption.READ);
        Path onHost = onHost(file);
        return onHost == null ? null : host.openRegular(onHost).channel();
    }

    private void copyLink(Path from, Place source, SymbolicLink link, Path to, Keep keep) throws FileViewException {
        Place target = resolve(to, Links.NOFOLLOW, NotGranted.WRITING);
        if (target.path.equals(source.path))
            throw new FileViewException(Code.INVALID, "cannot copy a link onto itself: " + shown(from));
        if (target.node instanceof Directory)
            throw new FileViewException(Code.IS_A_DIRECTORY, "is a folder: " + shown(to));
        if (target.node != null) delete(to);
        createSymbolicLink(to, link.target);
        Node copied = Objects.requireNonNull(existing(to, Links.NOFOLLOW, NotGranted.WRITING).node);
        stamp(copied, attributesOf(source.path, link), link, keep);
    }

    /** Gives a copy the owner, time and extended attributes of its original, as far as asked. */
    private void stamp(Node copied, Attributes original, Node source, Keep keep) throws FileViewException {
        if (keep == Keep.CONTENT) return;
        copied.modified = original.lastModified();
        copied.timeSet = true;
        Map<String, String> extended = extendedAttributes(source);
        if (keep != Keep.ALL) extended = Traits.onlyAccess(extended);
        copied.traits = new Traits(new Traits.Owner(original.uid(), original.gid()), extended);
    }

    private Map<String, String> extendedAttributes(Node node) throws FileViewException {
        Path onHost = switch (node) {
            case Directory directory -> directory.gates == null ? directory.lower : null;
            // What replaces a file of the host's takes over what that one had.
            case RegularFile file -> file.lower;
            case SymbolicLink _, Special _, Absent _ -> null;
        };
        if (onHost == null) return node.traits.extended();
        try {
            Map<String, String> all = new HashMap<>(host.extendedAttributes(onHost));
            all.putAll(node.traits.extended());
            return all;
        } catch (NoSuchFileException | NotDirectoryException _) {
            return node.traits.extended();
        } catch (IOException e) {
            throw failed("reading", onHost, e);
        }
    }

    @Override
    public Map<String, String> extendedAttributes(Path path) throws FileViewException {
        return extendedAttributes(Objects.requireNonNull(existing(path, Links.NOFOLLOW, NotGranted.READING).node));
    }

    @Override
    public void addExtendedAttributes(Path path, Map<String, String> values) throws FileViewException {
        Map<String, String> all = new HashMap<>(extendedAttributes(path));
        if (all.entrySet().containsAll(values.entrySet())) return;
        all.putAll(values);
        Node node = changed(path);
        node.traits = new Traits(node.traits.owner(), all);
    }

    @Override
    public void setTime(Path path, Instant lastModified) throws FileViewException {
        Node node = changed(path);
        node.modified = lastModified;
        node.timeSet = true;
    }

    @Override
    public void setOwner(Path path, int uid, int gid) throws FileViewException {
        Attributes is = attributes(path, Links.NOFOLLOW);
        if (newModes.owner().uid() != 0 || (is.uid() == uid && is.gid() == gid)) return;
        Node node = changed(path);
        node.traits = new Traits(new Traits.Owner(uid, gid), node.traits.extended());
    }

    /** What is at a path itself, which is about to get other attributes. */
    private Node changed(Path path) throws FileViewException {
        Place place = existing(path, Links.NOFOLLOW, NotGranted.WRITING);
        requireWritable(path, place.path);
        Node node = Objects.requireNonNull(place.node);
        if (node instanceof Special)
            throw new FileViewException(Code.INVALID, "not a regular file, link or folder: " + shown(path));
        if (node instanceof RegularFile file && file.lower != null) observe(file.lower);
        keep(place);
        return node;
    }

    @Override
    public void copyAttributes(Path from, Path to) throws FileViewException {
        Attributes original = attributes(from, Links.FOLLOW);
        setAttributes(to, original.lastModified(), original.posixMode());
        Node node = Objects.requireNonNull(existing(to, Links.FOLLOW, NotGranted.WRITING).node);
        node.traits = new Traits(new Traits.Owner(original.uid(), original.gid()), node.traits.extended());
    }

    @Override
    public void delete(Path path) throws FileViewException {
        Place place = existing(path, Links.NOFOLLOW, NotGranted.WRITING);
        requireRemovable(path, place);
        if (place.node instanceof Directory directory) {
            if (!names(place, directory).isEmpty())
                throw new FileViewException(Code.DIRECTORY_NOT_EMPTY, "the folder is not empty: " + shown(path));
            directory.removed = true;
        }
        takeAway(place);
        release(Objects.requireNonNull(place.node));
    }

    /** Frees what a deleted node held. */
    private void release(Node node) throws FileViewException {
        switch (node) {
            case RegularFile file -> {
                if (--file.names > 0) return;
                file.unlinked = true;
                try {
                    if (file.handles == 0) discard(file);
                } catch (IOException e) {
                    throw failed("deleting", file, e);
                }
            }
            case SymbolicLink _, Directory _, Special _, Absent _ -> {
                refund(node.charged);
                node.charged = 0;
            }
        }
    }

    @Override
    public void move(Path from, Path to, Existing existing) throws FileViewException {
        Place source = existing(from, Links.NOFOLLOW, NotGranted.WRITING);
        requireRemovable(from, source);
        // Kept before the target is looked up, so that both see the same folders.
        keep(source);
        Place target = resolve(to, Links.NOFOLLOW, NotGranted.WRITING);
        requireWritable(to, target.path);
        if (target.path.equals(source.path)) {
            if (existing == Existing.FAIL) throw alreadyExists(to);
            return;
        }
        if (target.path.startsWith(source.path))
            throw new FileViewException(Code.INVALID, "a folder cannot be moved into itself: " + shown(to));
        Node moved = Objects.requireNonNull(source.node);
        Node replaced = target.node;
        if (replaced != null) {
            if (existing == Existing.FAIL) throw alreadyExists(to);
            // Two names of one file: the system leaves both.
            if (replaced == moved) return;
            requireMovable(to, target);
            requireReplaceable(to, target, moved instanceof Directory);
            keep(target);
            if (replaced instanceof Directory directory) directory.removed = true;
            takeAway(target);
            release(replaced);
        }
        takeAway(source);
        put(target, moved);
    }

    private void requireReplaceable(Path to, Place target, boolean byDirectory) throws FileViewException {
        if (target.node instanceof Directory directory) {
            if (!byDirectory) throw new FileViewException(Code.IS_A_DIRECTORY, "is a folder: " + shown(to));
            if (!names(target, directory).isEmpty())
                throw new FileViewException(Code.DIRECTORY_NOT_EMPTY, "the folder is not empty: " + shown(to));
        } else if (byDirectory) {
            throw new FileViewException(Code.NOT_A_DIRECTORY, "not a folder: " + shown(to));
        }
    }

    @Override
    public void createSymbolicLink(Path link, Path target) throws FileViewException {
        Place place = resolve(link, Links.NOFOLLOW, NotGranted.WRITING);
        if (place.node != null) throw alreadyExists(link);
        requireWritable(link, place.path);
        long bytes = ENTRY_BYTES + target.toString().length();
        charge(bytes);
        SymbolicLink made = new SymbolicLink(newKey(), null, null, target);
        made.charged = bytes;
        made.modified = clock.instant();
        put(place, made);
    }

    @Override
    public void createLink(Path link, Path existing) throws FileViewException {
        Place source = existing(existing, Links.NOFOLLOW, NotGranted.WRITING);
        if (!(source.node instanceof RegularFile file))
            throw new FileViewException(Code.INVALID, "only a regular file can have one more name: " + shown(existing));
        // By its new name it could be written.
        requireWritable(existing, source.path);
        // Kept before the new name is looked up, so that both see the same folders.
        keep(source);
        Place place = resolve(link, Links.NOFOLLOW, NotGranted.WRITING);
        if (place.node != null) throw alreadyExists(link);
        requireWritable(link, place.path);
        charge(ENTRY_BYTES);
        file.charged += ENTRY_BYTES;
        file.names++;
        if (file.lower != null) observe(file.lower);
        put(place, file);
    }

    @Override
    public void setAttributes(Path path, @Nullable Instant lastModified, @Nullable Integer posixMode)
            throws FileViewException {
        Place place = existing(path, Links.FOLLOW, NotGranted.WRITING);
        requireWritable(path, place.path);
        Node node = Objects.requireNonNull(place.node);
        if (node instanceof Special)
            throw new FileViewException(Code.INVALID, "not a regular file or folder: " + shown(path));
        if (node instanceof RegularFile file && file.lower != null) observe(file.lower);
        keep(place);
        if (posixMode != null) node.mode = allowedMode(node, posixMode);
        if (lastModified != null) {
            node.modified = lastModified;
            node.timeSet = true;
        }
    }

    /**
     * No file gets the bits that lend its owner's or group's rights. In a folder they lend none: it may give its group to what
     * is made in it, or let only owners delete.
     */
    private static int allowedMode(Node node, int asked) {
        if (!(node instanceof Directory directory)) return asked & 0777;
        int special = directory.status == null ? 0 : directory.status.mode();
        return (asked & 03777) | (asked & special & 04000);
    }

    private void observe(Path lower) throws FileViewException {
        try {
            baseline.observe(lower);
        } catch (IOException e) {
            throw failed("reading", lower, e);
        }
    }

    // ---- the tree

    /** Keeps a node and the folders above it, which are otherwise made anew at each look. */
    private static void keep(Place place) {
        if (place.up == null || place.node == null) return;
        keep(place.up);
        place.up.directory().own.put(place.name, place.node);
    }

    private void put(Place place, Node node) throws FileViewException {
        if (!granted.isInWorkspace(place.path)) observe(place.path);
        Place up = place.parent();
        keep(up);
        Directory directory = up.directory();
        directory.own.put(place.name, node);
        directory.modified = clock.instant();
        directory.timeSet = false;
    }

    private void takeAway(Place place) throws FileViewException {
        Place up = place.parent();
        keep(up);
        Directory directory = up.directory();
        directory.modified = clock.instant();
        directory.timeSet = false;
        Path below = directory.lower == null ? null : directory.lower.resolve(place.name);
        if (below != null) observe(below);
        if (below == null || lowerStatus(below).isEmpty()) {
            directory.own.remove(place.name);
            return;
        }
        directory.own.put(place.name, Absent.HERE);
        if (place.node instanceof Directory former && below.equals(former.lower))
            directory.formers.put(place.name, former);
    }

    private Place existing(Path path, Links links, NotGranted access) throws FileViewException {
        Place place = resolve(path, links, access);
        if (place.node == null) throw notFound(path);
        return place;
    }

    /** Walks to a path name by name, following links by itself; fails at the first name outside the grants. */
    private Place resolve(Path path, Links links, NotGranted access) throws FileViewException {
        if (!path.isAbsolute()) throw new FileViewException(Code.INVALID, "the path is not absolute: " + shown(path));
        Deque<String> rest = new ArrayDeque<>(path.getNameCount());
        for (Path name : path) rest.addLast(name.toString());
        Place root = new Place(null, "", Path.of("/"), granted.root());
        Place place = root;
        int followed = 0;
        while (!rest.isEmpty()) {
            String name = rest.removeFirst();
            if (name.isEmpty() || name.equals(".")) continue;
            if (place.node == null) throw notFound(path);
            if (!(place.node instanceof Directory directory))
                throw new FileViewException(Code.NOT_A_DIRECTORY, "not a folder: " + shown(place.path));
            if (name.equals("..")) {
                place = place.parent();
                continue;
            }
            if (FileNames.isTooLong(name))
                throw new FileViewException(Code.NAME_TOO_LONG, "the name is too long: " + shown(Path.of(name)));
            Path next = place.path.resolve(name);
            Node node;
            if ((directory.gates != null && !directory.gates.contains(name)) || isHidden(directory, name, next))
                throw notGranted(path, beyond(next, rest), access);
            node = lookUp(place, directory, name, path);
            place = new Place(place, name, next, node);
            if (!(node instanceof SymbolicLink link) || (rest.isEmpty() && links == Links.NOFOLLOW)) continue;
            if (++followed > MAX_LINKS)
                throw new FileViewException(Code.TOO_MANY_LINKS, "too many symbolic links: " + shown(path));
            Path target = link.target;
            for (int i = target.getNameCount() - 1; i >= 0; i--)
                rest.addFirst(target.getName(i).toString());
            place = target.isAbsolute() ? root : place.parent();
        }
        return place;
    }

    private boolean isHidden(Directory directory, String name, Path path) {
        if (directory.gates != null || (directory.own.get(name) instanceof Directory gate && gate.gates != null))
            return false;
        if (granted.isInWorkspace(path)) return false;
        return granted.isHidden(path) || (directory.lower != null && granted.isHidden(directory.lower.resolve(name)));
    }

    private static Path beyond(Path path, Deque<String> rest) {
        Path whole = path;
        for (String name : rest) whole = whole.resolve(name);
        return whole.normalize();
    }

    private @Nullable Node lookUp(Place place, Directory directory, String name, Path asked) throws FileViewException {
        Node own = directory.own.get(name);
        if (own != null) return own instanceof Absent ? null : own;
        if (directory.lower == null) return null;
        Path lower = directory.lower.resolve(name);
        RegularFile open = openLower.get(lower);
        if (open != null) return open;
        Optional<HostStatus> found = lowerStatus(lower);
        if (found.isEmpty()) return null;
        HostStatus status = found.get();
        return switch (status.kind()) {
            case FILE -> new RegularFile(status.key(), lower, status);
            case DIRECTORY -> new Directory(status.key(), lower, status);
            case SYMBOLIC_LINK -> {
                try {
                    yield new SymbolicLink(status.key(), lower, status, host.readLink(lower));
                } catch (IOException e) {
                    throw failed("reading", place.path.resolve(asked), e);
                }
            }
            case OTHER -> new Special(status);
        };
    }

    private Optional<HostStatus> lowerStatus(Path lower) throws FileViewException {
        try {
            return host.status(lower);
        } catch (IOException e) {
            throw failed("reading", lower, e);
        }
    }

    private void requireWritable(Path asked, Path real) throws FileViewException {
        if (!granted.mayWrite(real)) throw notGranted(asked, real, NotGranted.WRITING);
    }

    private void requireRemovable(Path asked, Place place) throws FileViewException {
        boolean link = place.node instanceof SymbolicLink;
        if (!(link && granted.mayTakeAway(place.path))) requireWritable(asked, place.path);
        requireMovable(asked, place);
    }

    private void requireMovable(Path asked, Place place) throws FileViewException {
        if (place.path.equals(workspace))
            throw new FileViewException(Code.INVALID, "the workspace itself stays: " + shown(asked));
        if (place.node instanceof Special)
            throw new FileViewException(
                    Code.INVALID, "not a regular file, link or folder, so it could not be restored: " + shown(asked));
        if (place.node instanceof Directory directory
                && (granted.holdsHidden(place.path)
                        || (directory.lower != null && granted.holdsHidden(directory.lower))))
            throw new FileViewException(
                    Code.NOT_GRANTED, "not granted: " + shown(asked) + " holds files of the host that stay in place");
    }

    // ---- limits

    private void charge(long bytes) throws FileViewException {
        if (bytes > limits.diskBytes() - diskBytes)
            throw limitExceeded(
                    LimitHit.Resource.DISK,
                    limits.diskBytes(),
                    bytes > Long.MAX_VALUE - diskBytes ? Long.MAX_VALUE : diskBytes + bytes);
        diskBytes += bytes;
        peakDiskBytes = Math.max(peakDiskBytes, diskBytes);
    }

    private void refund(long bytes) {
        diskBytes -= bytes;
    }

    private FileViewException limitExceeded(LimitHit.Resource resource, long limit, long used) {
        if (limitHit.isEmpty()) limitHit = Optional.of(new LimitHit(resource, limit, used));
        String what = switch (resource) {
            case DISK -> "disk limit of " + limit + " bytes exceeded";
            case OPEN_FILES -> "limit of " + limit + " open files exceeded";
        };
        return new FileViewException(Code.LIMIT_EXCEEDED, what);
    }

    @Override
    public Optional<LimitHit> limitHit() {
        return limitHit;
    }

    @Override
    public Use use() {
        return new Use(peakDiskBytes, peakOpenFiles, ioBytes);
    }

    /**
     * What the run has changed so far, its workspace left out. Use it before {@link #close()}, and write no more to
     * this view once it is being committed.
     */
    public ChangeSet changes() throws IOException {
        return ViewChanges.of(host, granted, newModes, baseline);
    }

    // ---- ends

    @Override
    public void close() throws IOException {
        for (Handle handle : handles.values()) closeData(handle.file);
        handles.clear();
        if (!runDirectoryMade) return;
        try (var files = Files.newDirectoryStream(runDirectory)) {
            for (Path file : files) Files.delete(file);
        }
        Files.delete(runDirectory);
        runDirectoryMade = false;
    }

    private String newKey() {
        return "view:" + ++lastName;
    }

    // ---- messages

    private static FileViewException notGranted(Path asked, Path real, NotGranted wish) {
        return new FileViewException(Code.NOT_GRANTED, wish.reason(asked, real));
    }

    private static FileViewException notFound(Path path) {
        return new FileViewException(Code.NOT_FOUND, "not found: " + shown(path));
    }

    private static FileViewException alreadyExists(Path path) {
        return new FileViewException(Code.ALREADY_EXISTS, "exists already: " + shown(path));
    }

    private FileViewException failed(String doing, RegularFile file, IOException e) {
        return failed(doing, file.lower == null ? workspace : file.lower, e);
    }

    private static FileViewException failed(String doing, Path path, IOException e) {
        String at = doing + " " + shown(path);
        return switch (e) {
            case HostFiles.NotRegularException _ ->
                new FileViewException(Code.INVALID, "not a regular file: " + shown(path));
            case NoSuchFileException _ -> new FileViewException(Code.NOT_FOUND, "not found: " + shown(path));
            case NotDirectoryException _ -> new FileViewException(Code.NOT_A_DIRECTORY, "not a folder: " + shown(path));
            case AccessDeniedException _ ->
                new FileViewException(Code.INPUT_OUTPUT, at + " failed: the system denies it to this user");
            case FileSystemException known
            when known.getReason() != null ->
                new FileViewException(Code.INPUT_OUTPUT, at + " failed: " + known.getReason());
            default -> new FileViewException(Code.INPUT_OUTPUT, at + " failed: " + e.getMessage());
        };
    }

    /** A path for a message: control characters, which could rule a terminal, are spelled out. */
    static String shown(Path path) {
        String text = path.toString();
        StringBuilder shown = new StringBuilder(text.length());
        text.codePoints().forEach(point -> {
            if (Character.isISOControl(point) || Character.getType(point) == Character.FORMAT)
                shown.append(String.format("\\u%04x", point));
            else shown.appendCodePoint(point);
        });
        return shown.toString();
    }
}
