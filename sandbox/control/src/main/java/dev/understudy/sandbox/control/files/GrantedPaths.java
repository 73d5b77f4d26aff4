package dev.understudy.sandbox.control.files;

import dev.understudy.sandbox.control.Grants;
import dev.understudy.sandbox.control.files.MadeLinks.Made;
import dev.understudy.sandbox.control.files.Node.Directory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which paths a run may read and write, and the tree through which they are reached.
 *
 * <p>A granted path is pinned when the run starts: links on the way to it, and the granted path itself if it is one,
 * are those of the person who granted it, so they are followed then, once. What they lead to is granted, and the links
 * themselves appear in the view as they are; one that is named in a grant to write may be taken away, too, as rm and mv
 * do. Nothing else may take its place: the next run would follow it. Links found below a granted path give nothing, and
 * a link that a run has made, also one of another automation, gives no more than that run had ({@link MadeLinks}).
 */
final class GrantedPaths {
    private static final int MAX_LINKS = 40;
    private static final Path ROOT = Path.of("/");

    private final List<Path> reads = new ArrayList<>();
    private final List<Path> writes = new ArrayList<>();
    private final Set<Path> named = new HashSet<>();
    private final Set<Path> namedLinks = new HashSet<>();
    private final List<Path> hidden = new ArrayList<>();
    private final List<String> hiddenFolded = new ArrayList<>();
    private final @Nullable Path packages;
    private final Path workspace;
    private final Directory root;

    /** @param made the links that runs have made */
    GrantedPaths(Grants grants, Path workspace, Collection<Path> hostOwn, List<Made> made)
            throws IOException, FileViewException {
        Map<Path, Path> links = new HashMap<>();
        for (Path path : grants.reads()) {
            reads.add(pinned(path, links, made));
            named.add(entry(path, links));
        }
        for (Path path : grants.writes()) {
            writes.add(pinned(path, links, made));
            namedLinks.add(entry(path, links));
        }
        named.addAll(namedLinks);
        namedLinks.retainAll(links.keySet());
        packages = grants.packages() == null ? null : pinned(grants.packages(), new HashMap<>(), _ -> {});
        if (packages != null) reads.add(packages);
        for (Path path : hostOwn) {
            Path real = pinned(path, new HashMap<>(), _ -> {});
            hidden.add(real);
            hiddenFolded.add(folded(real));
        }
        this.workspace = workspace;
        root = isGranted(ROOT) ? new Directory("view:/", ROOT, null) : Directory.gate("view:/", ROOT, null);
        for (Path path : reads) if (!isInsideGranted(path)) lead(path);
        for (Path path : writes) if (!isInsideGranted(path)) lead(path);
        links.forEach(this::showLink);
        Directory holder = lead(workspace);
        holder.own.put(HostFiles.nameOf(workspace), new Directory("view:workspace", null, null));
    }

    /** Follows the links of the host, but none that a run has made to where that run itself could not go. */
    private static Path pinned(Path path, Map<Path, Path> links, List<Made> made)
            throws IOException, FileViewException {
        Map<Path, Made> ofRuns = new LinkedHashMap<>();
        Path pinned = pinned(path, links, link -> {
            if (made.isEmpty()) return;
            HostStatus status = HostStatus.read(link, LinkOption.NOFOLLOW_LINKS);
            MadeLinks.find(made, status).ifPresent(each -> ofRuns.put(link, each));
        });
        for (Map.Entry<Path, Made> link : ofRuns.entrySet()) {
            if (!link.getValue().mayLeadTo(pinned))
                throw new FileViewException(
                        FileViewException.Code.NOT_GRANTED,
                        "not granted: " + CopyOnWriteView.shown(path) + " is reached by the link "
                                + CopyOnWriteView.shown(link.getKey()) + ", which an automation has made, and leads to "
                                + CopyOnWriteView.shown(pinned)
                                + ", which that automation was not granted; delete the link, or make it yourself");
        }
        return pinned;
    }

    /** Hears of each link on the way, before it is followed. */
    @FunctionalInterface
    private interface OnTheWay {
        void link(Path link) throws IOException;
    }

    /** Follows the links of the host, noting each on the way. */
    private static Path pinned(Path path, Map<Path, Path> links, OnTheWay onTheWay) throws IOException {
        Deque<Path> rest = new ArrayDeque<>();
        path.forEach(rest::addLast);
        Path current = ROOT;
        int followed = 0;
        while (!rest.isEmpty()) {
            Path name = rest.removeFirst();
            if (name.toString().equals("..")) {
                Path parent = current.getParent();
                current = parent == null ? ROOT : parent;
                continue;
            }
            Path candidate = current.resolve(name);
            if (!Files.isSymbolicLink(candidate)) {
                current = candidate;
                continue;
            }
            if (++followed > MAX_LINKS)
                throw new IOException("the granted path " + path + " leads through more than " + MAX_LINKS + " links");
            onTheWay.link(candidate);
            Path target = Files.readSymbolicLink(candidate);
            links.put(candidate, target);
            for (int i = target.getNameCount() - 1; i >= 0; i--) rest.addFirst(target.getName(i));
            if (target.isAbsolute()) current = ROOT;
        }
        return current;
    }

    /** Where the granted name itself stands: of a link the link. */
    private static Path entry(Path path, Map<Path, Path> links) throws IOException {
        Path folder = path.getParent();
        return folder == null ? path : pinned(folder, links, _ -> {}).resolve(path.getFileName());
    }

    /** Makes the folders above a path visible as far as they are not granted anyway; returns the last one. */
    private Directory lead(Path path) {
        Directory directory = root;
        Path current = ROOT;
        Path above = path.getParent();
        if (above == null) return directory;
        for (Path name : above) {
            directory.openGate(name.toString());
            current = current.resolve(name);
            Path place = current;
            boolean open = isGranted(current) && !isHidden(current);
            directory = (Directory) directory.own.computeIfAbsent(
                    name.toString(),
                    _ -> open
                            ? new Directory("view:" + place, place, null)
                            : Directory.gate("view:" + place, place, null));
        }
        directory.openGate(HostFiles.nameOf(path));
        return directory;
    }

    private void showLink(Path link, Path target) {
        // Below a granted folder the link is found where it is.
        if (!isGranted(link))
            lead(link).own.put(HostFiles.nameOf(link), new Node.SymbolicLink("view:" + link, null, null, target));
    }

    /** What the run can read or write, all links followed. */
    List<String> roots() {
        return Stream.concat(reads.stream(), writes.stream())
                .map(Path::toString)
                .toList();
    }

    Directory root() {
        return root;
    }

    boolean mayRead(Path path) {
        return path.startsWith(workspace) || (isGranted(path) && !isHidden(path));
    }

    boolean mayWrite(Path path) {
        return path.startsWith(workspace) || (isBelow(writes, path) && !isHidden(path) && !isOfPackages(path));
    }

    /** Whether a link may be deleted or moved away, wherever it leads. */
    boolean mayTakeAway(Path link) {
        return mayWrite(link) || (namedLinks.contains(link) && !isHidden(link) && !isOfPackages(link));
    }

    /** Whether a path is among the modules that the run may only read, also where all around them may be written. */
    private boolean isOfPackages(Path path) {
        return packages != null && path.startsWith(packages);
    }

    /**
     * Whether the grants of the next run would give more if a link that a run made came to stand here: it would be
     * followed as one of the person's. It may lead only to what is named to be written anyway, and no folder's content is.
     */
    boolean wouldWiden(Path link, Path target) {
        boolean onTheWay = isOnTheWay(named, link) || isOnTheWay(reads, link) || isOnTheWay(writes, link);
        Path leadsTo = link.resolveSibling(target).normalize();
        return onTheWay && !writes.contains(leadsTo);
    }

    private static boolean isOnTheWay(Collection<Path> granted, Path path) {
        for (Path each : granted) if (each.startsWith(path)) return true;
        return false;
    }

    /** Whether creating a folder here only leads to a path that may be written. */
    boolean leadsToWritable(Path path) {
        return isOnTheWay(writes, path);
    }

    boolean isInWorkspace(Path path) {
        return path.startsWith(workspace);
    }

    /** Whether a path is the host's own, which no grant gives. */
    boolean isHidden(Path path) {
        if (hidden.isEmpty() || isOfPackages(path)) return false;
        // Folded, since on a file system that ignores case another spelling would be the same file.
        String folded = folded(path);
        for (String own : hiddenFolded) if (folded.equals(own) || folded.startsWith(own + "/")) return true;
        return false;
    }

    /** Whether the host's own files are below a folder, which therefore stays where it is. */
    boolean holdsHidden(Path directory) {
        String folded = folded(directory);
        for (String own : hiddenFolded) if (own.equals(folded) || own.startsWith(folded + "/")) return true;
        return false;
    }

    private boolean isInsideGranted(Path path) {
        Path parent = path.getParent();
        return parent != null && isGranted(parent) && !isHidden(parent);
    }

    private boolean isGranted(Path path) {
        return isBelow(writes, path) || isBelow(reads, path);
    }

    private static boolean isBelow(List<Path> granted, Path path) {
        for (Path each : granted) if (path.startsWith(each)) return true;
        return false;
    }

    private static String folded(Path path) {
        return Normalizer.normalize(path.toString(), Normalizer.Form.NFC).toLowerCase(Locale.ROOT);
    }
}
