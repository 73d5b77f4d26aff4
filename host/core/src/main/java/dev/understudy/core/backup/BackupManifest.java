package dev.understudy.core.backup;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.core.config.DataHome;
import dev.understudy.core.store.Database;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What a backup says of itself.
 *
 * @param understudy the version of Understudy that made it
 * @param schema the version of its store's tables, positive
 * @param made when
 * @param files all files in it beside this list itself
 */
public record BackupManifest(String understudy, int schema, Instant made, List<Entry> files) {
    /** Of the archive itself; one with a higher number cannot be read. */
    static final int FORMAT = 1;

    static final String NAME = "backup.json";

    /** The folder of the archive in which lies what belongs into the data home. */
    static final String HOME = "home/";

    static final String CONFIGURATION = "config.yaml";

    /** What of a data home is kept, beside the store. */
    static final Set<String> KEPT = Set.of(
            "audit.head",
            "audit.salvaged",
            "automations",
            "drafts",
            "optimizations",
            "packages",
            "performance-told.txt",
            "plugins",
            "templates",
            "tuning");

    private static final ObjectMapper JSON = new ObjectMapper();

    public BackupManifest {
        if (schema < 1) throw new IllegalArgumentException("schema must be positive, was " + schema);
        files = List.copyOf(files);
    }

    /**
     * A file.
     *
     * @param name in the archive
     * @param bytes its size
     * @param sha256 of what is in it, in hexadecimal digits
     */
    public record Entry(String name, long bytes, String sha256) {
        public Entry {
            if (!isAllowed(name)) throw new IllegalArgumentException("not a name in a backup: " + name);
            if (bytes < 0 || !sha256.matches("[0-9a-f]{64}"))
                throw new IllegalArgumentException("bytes " + bytes + ", sha256 " + sha256);
        }

        /** Nothing may leave the place in which it is put, nor be what no backup holds. */
        private static boolean isAllowed(String name) {
            if (name.equals(CONFIGURATION)) return true;
            if (!name.startsWith(HOME) || name.indexOf('\\') >= 0) return false;
            try {
                String below = name.substring(HOME.length());
                Path path = Path.of(below);
                String first = path.getName(0).toString();
                return !path.isAbsolute()
                        && path.normalize().toString().equals(below)
                        && (KEPT.contains(first) || below.equals(DataHome.DATABASE));
            } catch (InvalidPathException _) {
                return false;
            }
        }
    }

    /** How many files it has below a folder of the data home. */
    public long count(String folder) {
        return files.stream()
                .filter(each -> each.name().startsWith(HOME + folder + "/"))
                .count();
    }

    /** Whether a configuration is in it. */
    public boolean hasConfiguration() {
        return files.stream().anyMatch(each -> each.name().equals(CONFIGURATION));
    }

    byte[] json() throws IOException {
        ObjectNode object = JSON.createObjectNode()
                .put("format", FORMAT)
                .put("understudy", understudy)
                .put("schema", schema)
                .put("made", made.toString());
        var list = object.putArray("files");
        for (Entry each : files)
            list.addObject().put("name", each.name()).put("bytes", each.bytes()).put("sha256", each.sha256());
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(object);
    }

    /** Reads one; {@link Unreadable} says why it cannot be. */
    static BackupManifest of(byte[] json) throws Unreadable, NewerException {
        try {
            JsonNode object = JSON.readTree(json);
            int format = object.path("format").asInt();
            int schema = object.path("schema").asInt();
            String understudy = object.path("understudy").asText();
            if (format > FORMAT)
                throw new NewerException(understudy, "format " + format + ", and this one knows " + FORMAT);
            if (schema > Database.SCHEMA)
                throw new NewerException(
                        understudy, "version " + schema + " of the tables, and this one knows " + Database.SCHEMA);
            if (format < 1 || schema < 1) throw new Unreadable("its list of files says nothing of its format");
            var files = new ArrayList<Entry>();
            for (JsonNode each : object.path("files"))
                files.add(new Entry(
                        each.path("name").asText(),
                        each.path("bytes").asLong(-1),
                        each.path("sha256").asText()));
            return new BackupManifest(
                    understudy, schema, Instant.parse(object.path("made").asText()), files);
        } catch (JsonProcessingException | DateTimeException | IllegalArgumentException e) {
            throw new Unreadable("its list of files cannot be used: " + e.getMessage());
        } catch (IOException e) {
            throw new Unreadable("its list of files cannot be read: " + e.getMessage());
        }
    }

    /** It is no backup, or was damaged; the message is a clause that says so. */
    static final class Unreadable extends Exception {
        private static final long serialVersionUID = 1;

        Unreadable(String message) {
            super(message);
        }
    }

    /** A newer Understudy has made it; the message is a clause. */
    static final class NewerException extends Exception {
        private static final long serialVersionUID = 1;

        NewerException(String understudy, String what) {
            super("a newer Understudy (" + understudy + ") has made it: " + what);
        }
    }
}
