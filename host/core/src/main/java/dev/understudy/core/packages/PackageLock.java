package dev.understudy.core.packages;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.core.problem.UserException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What the packages of one script are, to the byte. Two locks that say the same are one text.
 *
 * @param asked the head's {@code dependencies} for which it was made; empty if what lay there was locked
 * @param packages sorted by name
 */
record PackageLock(PackageKind kind, List<String> asked, List<Locked> packages) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int VERSION = 1;
    private static final long MAX_BYTES = 16L << 20;

    /**
     * One package.
     *
     * @param source from where it came; empty if it lay there
     * @param integrity of what was downloaded, as {@link Integrity} has it; empty if it lay there
     * @param files the SHA-256 of each in hexadecimal digits, by path in the folder of its kind
     */
    record Locked(String name, String version, String source, String integrity, Map<String, String> files) {
        Locked {
            files = new TreeMap<>(files);
        }
    }

    PackageLock {
        asked = List.copyOf(asked);
        packages = List.copyOf(packages);
    }

    /** The lock of a script. */
    static Path of(Path script) {
        return script.resolveSibling(script.getFileName() + ".packages.lock");
    }

    /** All files, by path. */
    Map<String, String> files() {
        var all = new TreeMap<String, String>();
        packages.forEach(each -> all.putAll(each.files()));
        return all;
    }

    String text() {
        ObjectNode root = JSON.createObjectNode();
        root.put("version", VERSION);
        root.put("kind", kind.name().toLowerCase(Locale.ROOT));
        asked.forEach(root.putArray("asked")::add);
        var list = root.putArray("packages");
        for (Locked each : packages) {
            ObjectNode node = list.addObject()
                    .put("name", each.name())
                    .put("version", each.version())
                    .put("source", each.source())
                    .put("integrity", each.integrity());
            ObjectNode files = node.putObject("files");
            each.files().forEach(files::put);
        }
        var printer = new DefaultPrettyPrinter().withArrayIndenter(new DefaultIndenter("  ", "\n"));
        printer.indentObjectsWith(new DefaultIndenter("  ", "\n"));
        try {
            return JSON.writer(printer).writeValueAsString(root) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree is always JSON", e);
        }
    }

    /** By which it is known: of its text. */
    String sha256() {
        return Integrity.sha256(text().getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Reads a lock; empty if the file is not there.
     *
     * @throws UserException if it is none
     */
    static Optional<PackageLock> read(Path file) {
        try {
            if (Files.notExists(file)) return Optional.empty();
            if (Files.size(file) > MAX_BYTES) throw damaged(file, "it is larger than " + (MAX_BYTES >> 20) + " MiB");
            return Optional.of(parse(Files.readString(file)));
        } catch (IOException | IllegalArgumentException e) {
            throw damaged(file, String.valueOf(e.getMessage()));
        }
    }

    private static UserException damaged(Path file, String why) {
        return UserException.badInput(
                "The lock " + file + " cannot be read", why, "Delete it, and 'vendor' makes another one");
    }

    private static PackageLock parse(String text) throws JsonProcessingException {
        JsonNode root = JSON.readTree(text);
        if (root.path("version").asInt() != VERSION)
            throw new IllegalArgumentException(
                    "it is of version '" + root.path("version").asText() + "', not " + VERSION);
        var asked = new ArrayList<String>();
        root.path("asked").forEach(each -> asked.add(each.asText()));
        var packages = new ArrayList<Locked>();
        for (JsonNode each : root.path("packages")) {
            var files = new TreeMap<String, String>();
            each.path("files").properties().forEach(file -> {
                if (!isInside(file.getKey()) || !file.getValue().asText().matches("[0-9a-f]{64}"))
                    throw new IllegalArgumentException("it names a file as no lock does: " + file.getKey());
                files.put(file.getKey(), file.getValue().asText());
            });
            var locked = new Locked(
                    each.path("name").asText(),
                    each.path("version").asText(),
                    each.path("source").asText(),
                    each.path("integrity").asText(),
                    files);
            if (!locked.source().isEmpty() && !Integrity.isKnown(locked.integrity()))
                throw new IllegalArgumentException("it gives no hash of " + locked.name());
            packages.add(locked);
        }
        return new PackageLock(
                PackageKind.valueOf(root.path("kind").asText().toUpperCase(Locale.ROOT)), asked, packages);
    }

    private static boolean isInside(String path) {
        return !path.isEmpty()
                && List.of(path.split("/", -1)).stream()
                        .noneMatch(part ->
                                part.isEmpty() || part.equals(".") || part.equals("..") || part.indexOf('\0') >= 0);
    }

    /** The first locked file that is not in a folder as it was locked, with what is wrong; empty if all are. */
    Optional<String> difference(Path folder) throws IOException {
        for (Map.Entry<String, String> each : files().entrySet()) {
            Path file = folder.resolve(each.getKey());
            if (leadsOut(folder, file)) return Optional.of(file + " is a link");
            if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) return Optional.of(file + " is missing");
            if (!Integrity.sha256(Files.readAllBytes(file)).equals(each.getValue()))
                return Optional.of(file + " is not what was locked: its hash differs");
        }
        return Optional.empty();
    }

    /** Whether a file, or a folder on the way to it, is a link. */
    static boolean leadsOut(Path folder, Path file) {
        for (Path at = file; at != null && at.startsWith(folder); at = at.getParent())
            if (Files.isSymbolicLink(at)) return true;
        return false;
    }
}
