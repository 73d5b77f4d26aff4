package dev.understudy.sandbox.control.jail;

import dev.understudy.sandbox.control.Grants;
import dev.understudy.sandbox.control.files.FileNames;
import dev.understudy.sandbox.control.files.FileView;
import dev.understudy.sandbox.control.files.FileView.Kind;
import dev.understudy.sandbox.control.files.FileView.Links;
import dev.understudy.sandbox.control.files.FileView.OpenMode;
import dev.understudy.sandbox.control.files.FileViewException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a jailed process changed in the folders that it could write to, done again in the run's {@link FileView} by the
 * host, which checks every grant anew. What it left there is not trusted: whiteouts, links, pipes and closed folders are
 * taken for what they are. Used by one thread, once nothing of the jail runs any more.
 */
final class TakenBack {
    private static final int CHUNK_BYTES = 1 << 20;
    private static final Path ROOT = Path.of("/");
    private static final int TYPE = 0170000;
    private static final int CHARACTER_DEVICE = 0020000;
    private static final int REGULAR = 0100000;

    /** With the sticky bit, which a jail can set; the set-group-ID bit it cannot, and chmod(1) leaves a folder's. */
    private static final int FOLDER_MODE = 01777;

    private static final int SET_GID = 02000;

    private final FileView view;
    private final Grants grants;
    private final Collection<Path> targets;
    private final Instant started;
    private final OwnerNotes notes;

    /** Folders that the run has come to, as the jail left them. */
    private final Map<Path, Path> folders = new LinkedHashMap<>();

    /** Copies that are nowhere any more, by where they were in the jail. */
    private final Set<Path> missing = new HashSet<>();

    /** Where files with several names (hard links) were first put in the view. */
    private final Map<Object, Path> named = new HashMap<>();

    /** Copies that are no longer where they were made, by identity. */
    private final Map<Object, Path> gone = new HashMap<>();

    /** Why it could not be taken back; the message is for the person. */
    static final class Failure extends Exception {
        private static final long serialVersionUID = 1;

        Failure(String message) {
            super(message);
        }
    }

    /**
     * @param targets where something was mounted in the jail: an entry there is none of the run's
     * @param started no later than the process was
     * @param notes of the owners that the jail could not give
     */
    TakenBack(FileView view, Grants grants, Collection<Path> targets, Instant started, OwnerNotes notes) {
        this.view = view;
        this.grants = grants;
        this.targets = targets;
        this.started = started;
        this.notes = notes;
    }

    /** Outer areas first, so that what an inner one holds has its folder. */
    void of(Collection<JailArea> areas) throws IOException, FileViewException, Failure {
        view.expectUnchangedSince(started);
        notes.remember(view);
        for (JailArea area : areas) if (area instanceof JailArea.Copy copy) noteMissing(copy);
        for (JailArea area : areas.stream()
                .sorted(Comparator.comparingInt((JailArea area) -> area.inside().getNameCount()))
                .toList()) {
            switch (area) {
                case JailArea.Overlay overlay -> replayUpper(overlay.data(), overlay.inside());
                case JailArea.Copy copy -> replayCopy(copy, copy.data(), copy.inside());
            }
        }
        // Last, since what is gone in one area may have been moved to another.
        for (JailArea area : areas) if (area instanceof JailArea.Copy copy) replayDeletions(copy);
        for (Map.Entry<Path, Path> folder : folders.entrySet()) folderTime(folder.getValue(), folder.getKey());
        notes.apply(view);
    }

    private void noteMissing(JailArea.Copy area) {
        area.stamps().forEach((copied, stamp) -> {
            if (isStill(copied, stamp)) named.putIfAbsent(stamp.key(), inside(area, copied));
            if (Files.exists(copied, LinkOption.NOFOLLOW_LINKS)) return;
            gone.put(stamp.key(), inside(area, copied));
            missing.add(inside(area, copied));
        });
    }

    private static boolean isStill(Path copied, JailArea.Stamp stamp) {
        try {
            return JailArea.Stamp.of(copied).key().equals(stamp.key());
        } catch (IOException _) {
            return false;
        }
    }

    private void replayUpper(Path upper, Path inside) throws IOException, FileViewException, Failure {
        for (Path entry : entries(upper)) {
            Path path = inside.resolve(FileNames.text(entry.getFileName()));
            if (isMountPoint(path)) continue;
            if (isWhiteout(entry)) {
                remove(path);
            } else if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
                requireWhole(entry, path);
                if (isOpaque(entry)) removeAllBut(path, entry);
                folder(entry, path);
                replayUpper(entry, path);
                folders.put(path, entry);
            } else {
                if (Files.isRegularFile(entry, LinkOption.NOFOLLOW_LINKS)) requireWhole(entry, path);
                put(entry, path);
            }
        }
    }

    private void replayCopy(JailArea.Copy area, Path folder, Path inside)
            throws IOException, FileViewException, Failure {
        for (Path entry : entries(folder)) {
            Path path = inside.resolve(FileNames.text(entry.getFileName()));
            if (isMountPoint(path)) continue;
            JailArea.Stamp copied = area.stamps().get(entry);
            JailArea.Stamp now = JailArea.Stamp.of(entry);
            boolean other = copied == null || !copied.key().equals(now.key());
            if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
                if (copied == null && !mayChange(path, area)) continue;
                if (other && isGranted(path)) {
                    moved(now, path);
                    removeAllBut(path, entry);
                }
                if (isGranted(path)) folder(entry, path);
                replayCopy(area, entry, path);
                if (!now.equals(copied)) folders.put(path, entry);
            } else if (!now.equals(copied) && mayChange(path, area)) {
                if (other) moved(now, path);
                put(entry, path);
            }
        }
    }

    /**
     * Moves in the view what was moved in the jail. What moves stays what it is, with its owner and all else that the jail's
     * copy does not show.
     */
    private void moved(JailArea.Stamp now, Path path) throws FileViewException, Failure {
        Path from = notes.movedFrom(path).filter(missing::contains).orElse(gone.get(now.key()));
        if (from == null || !isGranted(from) || view.find(from, Links.NOFOLLOW).isEmpty()) return;
        requireGranted(path);
        try {
            makeParents(path);
            remove(path);
            view.move(from, path, FileView.Existing.FAIL);
        } catch (FileViewException refused) {
            // What may not be moved as a whole is made anew, entry by entry.
            if (refused.code() != FileViewException.Code.NOT_GRANTED
                    && refused.code() != FileViewException.Code.INVALID) throw refused;
        }
    }

    private static Path inside(JailArea.Copy area, Path copied) {
        return area.inside().resolve(FileNames.text(area.data().relativize(copied)));
    }

    private void replayDeletions(JailArea.Copy area) throws FileViewException, Failure {
        for (Path copied : area.stamps().keySet()) {
            Path path = inside(area, copied);
            if (!Files.exists(copied, LinkOption.NOFOLLOW_LINKS) && mayChange(path, area)) remove(path);
        }
    }

    /** Whether a changed entry counts; one that no grant names fails the run, or is scratch in a folder of the jail's own. */
    private boolean mayChange(Path path, JailArea.Copy area) throws Failure {
        if (isGranted(path) || leadsToGranted(path)) return true;
        if (area.extras() == JailArea.Extras.FAIL) throw notGranted(path);
        return false;
    }

    private static List<Path> entries(Path folder) throws IOException {
        if (!Files.isReadable(folder) || !Files.isExecutable(folder))
            // The script closed it even to its owner, who this host is (or is root).
            Files.setAttribute(folder, "unix:mode", 0700);
        try (var stream = Files.newDirectoryStream(folder)) {
            List<Path> entries = new ArrayList<>();
            stream.forEach(entries::add);
            entries.sort(Comparator.naturalOrder());
            return entries;
        }
    }

    private boolean isGranted(Path path) {
        return grants.writes().stream().anyMatch(path::startsWith);
    }

    private boolean leadsToGranted(Path path) {
        return grants.writes().stream().anyMatch(granted -> granted.startsWith(path));
    }

    /** Whether an entry is there because something is mounted on it or below it, not because the run made it. */
    private boolean isMountPoint(Path path) {
        return targets.stream()
                .anyMatch(target ->
                        target.equals(path) || (target.startsWith(path) && !isGranted(path) && !leadsToGranted(path)));
    }

    private static Failure notGranted(Path path) {
        return new Failure("it changed " + path + ", which is not granted; a grant in 'writes' would allow it");
    }

    private void requireGranted(Path path) throws Failure {
        if (!isGranted(path) && !leadsToGranted(path)) throw notGranted(path);
    }

    /** An overlay marks what was deleted by a character device of number 0/0, or by an empty file with a mark. */
    private static boolean isWhiteout(Path entry) throws IOException {
        int mode = (Integer) Files.getAttribute(entry, "unix:mode", LinkOption.NOFOLLOW_LINKS);
        if ((mode & TYPE) == CHARACTER_DEVICE)
            return Files.getAttribute(entry, "unix:rdev", LinkOption.NOFOLLOW_LINKS)
                    .equals(0L);
        return (mode & TYPE) == REGULAR
                && Files.size(entry) == 0
                && mark(entry, "whiteout").isPresent();
    }

    private static boolean isOpaque(Path folder) throws IOException {
        return mark(folder, "opaque").filter("y"::equals).isPresent();
    }

    /** Our own overlays are mounted without what would make an entry stand for bytes that lie elsewhere. */
    private static void requireWhole(Path entry, Path path) throws IOException, Failure {
        for (String name : List.of("metacopy", "redirect")) {
            if (mark(entry, name).isPresent())
                throw new Failure(path + " is in an overlay with " + name + ", which is not understood");
        }
    }

    private static Optional<String> mark(Path entry, String name) throws IOException {
        UserDefinedFileAttributeView attributes =
                Files.getFileAttributeView(entry, UserDefinedFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        String attribute = "overlay." + name;
        if (attributes == null || !attributes.list().contains(attribute)) return Optional.empty();
        ByteBuffer value = ByteBuffer.allocate(attributes.size(attribute));
        attributes.read(attribute, value);
        return Optional.of(new String(value.array(), StandardCharsets.US_ASCII));
    }

    private void removeAllBut(Path path, Path upper) throws IOException, FileViewException, Failure {
        Optional<FileView.Attributes> there = view.find(path, Links.NOFOLLOW);
        if (there.isEmpty()) return;
        if (there.get().kind() != Kind.DIRECTORY) {
            remove(path);
            return;
        }
        for (String name : view.list(path)) {
            if (!Files.exists(upper.resolve(FileNames.onDisk(Path.of(name))), LinkOption.NOFOLLOW_LINKS))
                remove(path.resolve(name));
        }
    }

    private void remove(Path path) throws FileViewException, Failure {
        Optional<FileView.Attributes> there = view.find(path, Links.NOFOLLOW);
        if (there.isEmpty()) return;
        requireGranted(path);
        if (there.get().kind() == Kind.DIRECTORY) {
            for (String name : view.list(path)) remove(path.resolve(name));
        }
        view.delete(path);
    }

    private void folder(Path entry, Path path) throws IOException, FileViewException, Failure {
        Optional<FileView.Attributes> there = view.find(path, Links.FOLLOW);
        if (there.isPresent() && there.get().kind() != Kind.DIRECTORY) {
            remove(path);
            there = Optional.empty();
        }
        int mode = (Integer) Files.getAttribute(entry, "unix:mode", LinkOption.NOFOLLOW_LINKS) & FOLDER_MODE;
        if (there.isEmpty()) {
            requireGranted(path);
            makeParents(path);
            view.createDirectory(path);
            there = view.find(path, Links.FOLLOW);
        }
        if (isGranted(path) && there.isPresent() && (there.get().posixMode() & FOLDER_MODE) != mode)
            view.setAttributes(path, null, mode | (there.get().posixMode() & SET_GID));
    }

    /** Once all is in it, which sets its time as well, and nothing will be taken out of it. */
    private void folderTime(Path entry, Path path) throws IOException, FileViewException {
        if (!isGranted(path)) return;
        Instant modified =
                Files.getLastModifiedTime(entry, LinkOption.NOFOLLOW_LINKS).toInstant();
        Optional<FileView.Attributes> there = view.find(path, Links.NOFOLLOW);
        if (there.isPresent() && isChosen(modified, there.get())) view.setTime(path, modified);
    }

    /** A time from before the run was set on purpose, or belongs to what was only moved or touched. */
    private boolean isChosen(Instant modified, FileView.Attributes now) {
        return (modified.isBefore(started.minusSeconds(1)) || modified.isAfter(Instant.now()))
                && !modified.equals(now.lastModified());
    }

    /** The jail shows the folder above a granted name even where the host has none yet. */
    private void makeParents(Path path) throws FileViewException {
        Path parent = parent(path);
        if (parent.equals(ROOT) || view.find(parent, Links.FOLLOW).isPresent()) return;
        makeParents(parent);
        view.createDirectory(parent);
    }

    private static Path parent(Path path) {
        Path parent = path.getParent();
        return parent == null ? ROOT : parent;
    }

    private static int mode(Path entry) throws IOException {
        return (Integer) Files.getAttribute(entry, "unix:mode", LinkOption.NOFOLLOW_LINKS) & 0777;
    }

    private void put(Path entry, Path path) throws IOException, FileViewException, Failure {
        BasicFileAttributes attributes =
                Files.readAttributes(entry, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        requireGranted(path);
        makeParents(path);
        Optional<FileView.Attributes> there = view.find(path, Links.NOFOLLOW);
        if (attributes.isSymbolicLink()) {
            Path target = Path.of(FileNames.text(Files.readSymbolicLink(entry)));
            if (there.isPresent()
                    && there.get().kind() == Kind.SYMBOLIC_LINK
                    && view.readSymbolicLink(path).equals(target)) return;
            remove(path);
            view.createSymbolicLink(path, target);
            Instant modified = attributes.lastModifiedTime().toInstant();
            if (isChosen(modified, view.attributes(path, Links.NOFOLLOW))) view.setTime(path, modified);
        } else if (attributes.isRegularFile()) {
            // A granted path that is a link itself is written through; it is the person's own.
            boolean through = grants.writes().contains(path);
            if (!through && isOneMoreName(entry, path)) return;
            if (there.isPresent() && there.get().kind() != Kind.FILE && !through) remove(path);
            putFile(entry, path, attributes);
        } else {
            throw new Failure("it left " + path + ", which is neither a file nor a folder nor a link");
        }
    }

    private void putFile(Path entry, Path path, BasicFileAttributes attributes) throws IOException, FileViewException {
        if (view.find(path, Links.FOLLOW).isEmpty() || !sameContent(entry, path)) writeFile(entry, path);
        FileView.Attributes now = view.attributes(path, Links.FOLLOW);
        int mode = mode(entry);
        Instant modified = attributes.lastModifiedTime().toInstant();
        boolean chosen = isChosen(modified, now);
        boolean otherMode = (now.posixMode() & 0777) != mode;
        if (chosen || otherMode) view.setAttributes(path, chosen ? modified : null, otherMode ? mode : null);
        view.addExtendedAttributes(view.realPath(path), FileView.personsAttributes(entry));
    }

    /** Whether the file was put under another of its names already; then it gets this one, too. */
    private boolean isOneMoreName(Path entry, Path path) throws IOException, FileViewException, Failure {
        if ((Integer) Files.getAttribute(entry, "unix:nlink", LinkOption.NOFOLLOW_LINKS) < 2) return false;
        Path first = named.putIfAbsent(JailArea.Stamp.of(entry).key(), path);
        if (first == null || first.equals(path)) return false;
        Optional<FileView.Attributes> there = view.find(path, Links.NOFOLLOW);
        // On the host they may have been names of one file, of which only the one has been written so far.
        if (there.isPresent()
                && there.get()
                        .fileKey()
                        .equals(view.attributes(first, Links.NOFOLLOW).fileKey())
                && sameContent(entry, path)) return true;
        remove(path);
        view.createLink(path, first);
        return true;
    }

    private boolean sameContent(Path entry, Path path) throws IOException, FileViewException {
        if (Files.size(entry) != view.attributes(path, Links.FOLLOW).size()) return false;
        int handle = view.open(path, Set.of(OpenMode.READ));
        try (InputStream in = Files.newInputStream(entry, LinkOption.NOFOLLOW_LINKS)) {
            long position = 0;
            while (true) {
                byte[] ours = in.readNBytes(CHUNK_BYTES);
                if (ours.length == 0) return true;
                byte[] theirs = view.read(handle, position, ours.length);
                if (!Arrays.equals(ours, theirs)) return false;
                position += ours.length;
            }
        } finally {
            view.close(handle);
        }
    }

    private void writeFile(Path entry, Path path) throws IOException, FileViewException {
        int handle = view.open(path, Set.of(OpenMode.WRITE, OpenMode.CREATE, OpenMode.TRUNCATE));
        try (InputStream in = Files.newInputStream(entry, LinkOption.NOFOLLOW_LINKS)) {
            long position = 0;
            byte[] chunk = in.readNBytes(CHUNK_BYTES);
            while (chunk.length > 0) {
                view.write(handle, position, chunk);
                position += chunk.length;
                chunk = in.readNBytes(CHUNK_BYTES);
            }
        } finally {
            view.close(handle);
        }
    }
}
