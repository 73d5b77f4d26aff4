package dev.understudy.sandbox.cell;

import dev.understudy.sandbox.protocol.FromCell;
import dev.understudy.sandbox.protocol.ToCell;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.ReadOnlyFileSystemException;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.graalvm.polyglot.io.FileSystem;
import org.jspecify.annotations.Nullable;

/**
 * The file system of the guest: the languages' own resources and time zones are read in place, everything else is asked of the host,
 * which alone knows what is granted.
 */
final class GuestFiles implements FileSystem {
    /** What most files grant when they are made: all but writing by others. */
    private static final int USUAL = 0644;

    private static final int TYPE_FILE = 0100000;
    private static final int TYPE_DIRECTORY = 0040000;
    private static final int TYPE_LINK = 0120000;

    /** A package's name, and perhaps a path in it, or a package's name for a file of its own: neither a path of its own nor a URL. */
    private static final Pattern BARE = Pattern.compile("#.+|(?:@[\\w.~-]+/)?[\\w~-][\\w.~-]*(?:/[^\\x00]*)?");

    private static final String STAND_IN = ".imported.mjs";

    /** The machine's time zones, which Python reads as files; no secret, and shown in every jail. */
    private static final Path ZONES = Path.of("/usr/share/zoneinfo");

    private final Path resources;
    private final RunScope scope;
    private final List<RemoteChannel> channels = new ArrayList<>();
    private final Map<Path, byte[]> standIns = new HashMap<>();
    private @Nullable Function<String, Path> modules;

    GuestFiles(Path resources, RunScope scope) {
        this.resources = resources;
        this.scope = scope;
    }

    /** Writes out what is buffered and forgets all channels: a run's files do not outlive it. */
    void endRun() throws IOException {
        try {
            flush();
        } finally {
            channels.forEach(RemoteChannel::abandon);
            channels.clear();
        }
    }

    /** Writes out what is buffered, so that the host's view is what the script believes it to be. */
    void flush() throws IOException {
        for (RemoteChannel channel : channels) channel.flush();
    }

    /** What other channels have read ahead of this file is stale. */
    void wrote(String path) {
        for (RemoteChannel channel : channels) channel.forgetAhead(path);
    }

    /** What any channel has read ahead may be stale. */
    void forgetAhead() {
        channels.forEach(RemoteChannel::forgetAhead);
    }

    void forget(RemoteChannel channel) {
        channels.remove(channel);
    }

    ToCell.Answer ask(FromCell.Ask ask, String path) throws IOException {
        flush();
        return scope.files(ask, path);
    }

    private boolean exists(Path path) throws IOException {
        try {
            info(path);
            return true;
        } catch (NoSuchFileException _) {
            return false;
        }
    }

    private boolean local(Path path) {
        Path plain = plain(path);
        return plain.startsWith(resources) || plain.startsWith(ZONES);
    }

    /** Without steps back, so that none leads out of a folder by way of a link. */
    private Path plain(Path path) {
        return absolute(path).normalize();
    }

    private Path absolute(Path path) {
        return path.isAbsolute() ? path : scope.workingDirectory().resolve(path);
    }

    private String text(Path path) {
        return absolute(path).toString();
    }

    private void requireRemote(Path path) {
        if (local(path)) throw new ReadOnlyFileSystemException();
    }

    @Override
    public Path parsePath(URI uri) {
        if (!"file".equals(uri.getScheme())) throw new UnsupportedOperationException("no files at " + uri.getScheme());
        return Path.of(uri);
    }

    @Override
    public Path parsePath(String path) {
        return modules != null && BARE.matcher(path).matches() ? modules.apply(path) : Path.of(path);
    }

    /** From now on names without a path are asked of the finder, as the languages name the modules that they import. */
    void findModules(@Nullable Function<String, Path> finder) {
        modules = finder;
    }

    /** A file that is not there beside one that is, with this text; until {@link #forgetModules}. */
    Path standIn(Path beside, String text) {
        Path path = beside.resolveSibling(beside.getFileName() + STAND_IN);
        standIns.put(path, text.getBytes(StandardCharsets.UTF_8));
        return path;
    }

    void forgetModules() {
        modules = null;
        standIns.clear();
    }

    @Override
    public void checkAccess(Path path, Set<? extends AccessMode> modes, LinkOption... options) throws IOException {
        if (local(path)) {
            if (modes.contains(AccessMode.WRITE)) throw new ReadOnlyFileSystemException();
            path.getFileSystem().provider().checkAccess(plain(path), modes.toArray(AccessMode[]::new));
            return;
        }
        if (standIns.containsKey(path)) return;
        info(path, options);
    }

    @Override
    public void createDirectory(Path path, FileAttribute<?>... attributes) throws IOException {
        requireRemote(path);
        ask(new FromCell.MakeDirectory(text(path)), text(path));
    }

    /**
     * Takes from what was just made what its maker wants nobody to have; what the person's umask takes from all that is made,
     * is gone already. Of folders the interpreter tells nothing here.
     */
    private void restrict(Path path, FileAttribute<?>[] attributes) throws IOException {
        for (FileAttribute<?> each : attributes) {
            if (!isRestricted(each)) continue;
            int allowed = mode((Set<?>) each.value());
            int made = info(path).posixMode();
            ask(
                    new FromCell.SetAttributes(text(path), FromCell.SetAttributes.KEEP, made & (allowed | ~0777)),
                    text(path));
        }
    }

    private static boolean isRestricted(FileAttribute<?> attribute) {
        return attribute.name().equals("posix:permissions") && (mode((Set<?>) attribute.value()) & USUAL) != USUAL;
    }

    @Override
    public void delete(Path path) throws IOException {
        requireRemote(path);
        ask(new FromCell.Delete(text(path)), text(path));
    }

    @Override
    public void move(Path source, Path target, CopyOption... options) throws IOException {
        requireRemote(source);
        requireRemote(target);
        var existing = Arrays.asList(options).contains(StandardCopyOption.REPLACE_EXISTING)
                ? FromCell.ExistingChoice.REPLACE
                : FromCell.ExistingChoice.FAIL;
        ask(new FromCell.Move(text(source), text(target), existing), text(source));
    }

    /** Copies as a whole, which the host does without the bytes passing through here. */
    void copy(Path source, Path target, FromCell.FollowChoice follow, FromCell.KeepChoice keep) throws IOException {
        requireRemote(source);
        requireRemote(target);
        ask(new FromCell.Copy(text(source), text(target), follow, keep), text(source));
        forgetAhead();
    }

    void copyAttributes(Path source, Path target) throws IOException {
        requireRemote(target);
        ask(new FromCell.CopyAttributes(text(source), text(target)), text(source));
    }

    @Override
    public void createSymbolicLink(Path link, Path target, FileAttribute<?>... attributes) throws IOException {
        requireRemote(link);
        ask(new FromCell.MakeLink(text(link), target.toString()), text(link));
    }

    @Override
    public void createLink(Path link, Path existing) throws IOException {
        requireRemote(link);
        requireRemote(existing);
        ask(new FromCell.MakeName(text(link), text(existing)), text(link));
    }

    @Override
    public Path readSymbolicLink(Path link) throws IOException {
        if (local(link)) return Files.readSymbolicLink(plain(link));
        return Path.of(((ToCell.Place) ask(new FromCell.ReadLink(text(link)), text(link))).path());
    }

    @Override
    public SeekableByteChannel newByteChannel(
            Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes) throws IOException {
        if (local(path)) {
            for (OpenOption option : options) {
                if (option != StandardOpenOption.READ && !(option instanceof LinkOption))
                    throw new ReadOnlyFileSystemException();
            }
            return Files.newByteChannel(plain(path), options);
        }
        byte[] standIn = standIns.get(path);
        if (standIn != null) return new ReadableBytes(standIn);
        int modes = 0;
        boolean append = false;
        for (OpenOption option : options) {
            if (!(option instanceof StandardOpenOption standard)) continue;
            switch (standard) {
                case READ -> modes |= FromCell.Open.MODE_READ;
                case WRITE -> modes |= FromCell.Open.MODE_WRITE;
                case APPEND -> {
                    // Python's "a+" reads as well, which Java's options cannot say.
                    modes |= FromCell.Open.MODE_READ | FromCell.Open.MODE_WRITE;
                    append = true;
                }
                case CREATE -> modes |= FromCell.Open.MODE_CREATE;
                case CREATE_NEW -> modes |= FromCell.Open.MODE_CREATE_NEW;
                case TRUNCATE_EXISTING -> modes |= FromCell.Open.MODE_TRUNCATE;
                case DELETE_ON_CLOSE -> throw new UnsupportedOperationException("DELETE_ON_CLOSE");
                case SPARSE, SYNC, DSYNC -> {}
            }
        }
        if ((modes & FromCell.Open.MODE_WRITE) == 0) modes = FromCell.Open.MODE_READ;
        boolean makes = (modes & (FromCell.Open.MODE_CREATE | FromCell.Open.MODE_CREATE_NEW)) != 0;
        boolean isPrivate = makes && Arrays.stream(attributes).anyMatch(GuestFiles::isRestricted) && !exists(path);
        var opened = (ToCell.Opened) ask(new FromCell.Open(text(path), modes), text(path));
        if (isPrivate) restrict(path, attributes);
        if ((modes & FromCell.Open.MODE_TRUNCATE) != 0) wrote(text(path));
        var channel = new RemoteChannel(
                this, opened.handle(), text(path), append ? RemoteChannel.Place.APPEND : RemoteChannel.Place.FREE);
        channels.add(channel);
        return channel;
    }

    @Override
    @SuppressWarnings("StreamResourceLeak") // whoever asked for the stream closes it
    public DirectoryStream<Path> newDirectoryStream(Path directory, DirectoryStream.Filter<? super Path> filter)
            throws IOException {
        if (local(directory)) return Files.newDirectoryStream(plain(directory), filter);
        var entries = new ArrayList<Path>();
        for (String name : names(directory)) {
            Path entry = directory.resolve(name);
            if (filter.accept(entry)) entries.add(entry);
        }
        return new DirectoryStream<>() {
            @Override
            public Iterator<Path> iterator() {
                return entries.iterator();
            }

            @Override
            public void close() {}
        };
    }

    List<String> names(Path directory) throws IOException {
        return ((ToCell.Names) ask(new FromCell.ListNames(text(directory)), text(directory))).value();
    }

    @Override
    public Path toAbsolutePath(Path path) {
        return absolute(path);
    }

    @Override
    public void setCurrentWorkingDirectory(Path directory) {
        scope.workingDirectory(directory);
    }

    @Override
    public Path toRealPath(Path path, LinkOption... options) throws IOException {
        if (local(path)) return plain(path).toRealPath(options);
        if (standIns.containsKey(path)) return path;
        return Path.of(((ToCell.Place) ask(new FromCell.RealPath(text(path)), text(path))).path());
    }

    @Override
    public Path getTempDirectory() {
        return Path.of(scope.terms().workspace());
    }

    ToCell.FileInfo info(Path path, LinkOption... options) throws IOException {
        var links = Arrays.asList(options).contains(LinkOption.NOFOLLOW_LINKS)
                ? FromCell.LinkChoice.NOFOLLOW
                : FromCell.LinkChoice.FOLLOW;
        try {
            return (ToCell.FileInfo) ask(new FromCell.Stat(text(path), links), text(path));
        } catch (NoSuchFileException | AccessDeniedException e) {
            // The folder in which a run begins need not be granted; whoever has left it goes back there all the same.
            if (!scope.forgivesAt(plain(path))) throw e;
            return new ToCell.FileInfo(ToCell.FileKind.DIRECTORY, 0, 0, 0, 0755, 0, 0, text(path), 1);
        }
    }

    @Override
    public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options) throws IOException {
        if (local(path)) return Files.readAttributes(plain(path), attributes, options);
        int colon = attributes.indexOf(':');
        String view = colon < 0 ? "basic" : attributes.substring(0, colon);
        if (!view.equals("basic") && !view.equals("posix") && !view.equals("unix"))
            throw new UnsupportedOperationException("no file attributes of kind " + view);
        ToCell.FileInfo info = info(path, options);
        var values = new HashMap<String, Object>();
        for (String name : attributes.substring(colon + 1).split(",", -1)) {
            if (name.equals("*")) {
                for (String each : List.of(
                        "lastModifiedTime",
                        "lastAccessTime",
                        "creationTime",
                        "size",
                        "isRegularFile",
                        "isDirectory",
                        "isSymbolicLink",
                        "isOther",
                        "fileKey")) values.put(each, value(each, info));
                if (!view.equals("basic")) values.put("permissions", value("permissions", info));
            } else {
                values.put(name, value(name, info));
            }
        }
        return values;
    }

    private static @Nullable Object value(String name, ToCell.FileInfo info) {
        return switch (name) {
            case "lastModifiedTime", "lastAccessTime", "ctime" ->
                FileTime.from(info.modifiedNanos(), TimeUnit.NANOSECONDS);
            case "creationTime" -> FileTime.from(info.createdNanos(), TimeUnit.NANOSECONDS);
            case "size" -> info.size();
            case "isRegularFile" -> info.kind() == ToCell.FileKind.FILE;
            case "isDirectory" -> info.kind() == ToCell.FileKind.DIRECTORY;
            case "isSymbolicLink" -> info.kind() == ToCell.FileKind.SYMBOLIC_LINK;
            case "isOther" -> info.kind() == ToCell.FileKind.OTHER;
            case "fileKey" -> info.fileKey();
            case "permissions" -> permissions(info.posixMode());
            case "mode" -> (info.posixMode() & 07777) | type(info.kind());
            case "ino" -> inode(info.fileKey());
            case "dev", "rdev" -> 1L;
            case "nlink" -> info.names();
            case "uid" -> info.uid();
            case "gid" -> info.gid();
            case "owner", "group" -> null;
            default -> throw new UnsupportedOperationException("no file attribute " + name);
        };
    }

    private static int type(ToCell.FileKind kind) {
        return switch (kind) {
            case FILE, OTHER -> TYPE_FILE;
            case DIRECTORY -> TYPE_DIRECTORY;
            case SYMBOLIC_LINK -> TYPE_LINK;
        };
    }

    /** Python tells files apart by their inode, so equal keys must give equal numbers and others almost never. */
    private static long inode(String fileKey) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < fileKey.length(); i++) hash = (hash ^ fileKey.charAt(i)) * 0x100000001b3L;
        return hash & Long.MAX_VALUE;
    }

    private static Set<PosixFilePermission> permissions(int mode) {
        var permissions = EnumSet.noneOf(PosixFilePermission.class);
        PosixFilePermission[] all = PosixFilePermission.values();
        for (int i = 0; i < all.length; i++) {
            if ((mode & (0400 >> i)) != 0) permissions.add(all[i]);
        }
        return permissions;
    }

    @Override
    public void setAttribute(Path path, String attribute, Object value, LinkOption... options) throws IOException {
        requireRemote(path);
        long modified = FromCell.SetAttributes.KEEP;
        int mode = FromCell.SetAttributes.KEEP_MODE;
        switch (attribute.substring(attribute.indexOf(':') + 1)) {
            case "lastModifiedTime" -> modified = ((FileTime) value).to(TimeUnit.NANOSECONDS);
            case "mode" -> mode = (Integer) value & 07777;
            case "permissions" -> mode = mode((Set<?>) value);
            case "lastAccessTime", "creationTime" -> {
                info(path, options);
                return;
            }
            default -> throw new UnsupportedOperationException("no file attribute " + attribute);
        }
        ask(new FromCell.SetAttributes(text(path), modified, mode), text(path));
    }

    private static int mode(Set<?> permissions) {
        int mode = 0;
        PosixFilePermission[] all = PosixFilePermission.values();
        for (int i = 0; i < all.length; i++) {
            if (permissions.contains(all[i])) mode |= 0400 >> i;
        }
        return mode;
    }
}
