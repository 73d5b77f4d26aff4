package dev.understudy.core.tuning.journal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.sandbox.control.ProcessIdentity;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The file of one session: a JSON object a line, each with one member that says what it tells of. What a line announces
 * happens after it is on the disk. A last line without its line feed counts as not written.
 */
final class SessionFile {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .build();

    private final Path file;

    SessionFile(Path file) {
        this.file = file;
    }

    sealed interface Line {}

    /** The first line. */
    record Begin(String purpose, String at, ProcessIdentity owner) implements Line {}

    /** How to make a target again that no plugin brings. */
    record Recipe(String target, String text) implements Line {}

    /** A parameter is about to be set. */
    record Change(String target, String parameter, String before, String value, long pid, String boot)
            implements Line {}

    /** What a parameter turned out to hold after it was set, where that is not what was written. */
    record Holds(String target, String parameter, String value) implements Line {}

    /** A change is to stay. */
    record Keep(String target, String parameter) implements Line {}

    /** Nothing is left to do for a parameter. */
    record Settled(String target, String parameter, Restoration.Outcome outcome) implements Line {}

    /** The last line of a session that ended by itself; what is not settled by then is kept, or could not be put back. */
    record End(String at) implements Line {}

    /** Names a parameter of any target. */
    record ParameterKey(String target, String parameter) {}

    /**
     * A parameter that was changed and not settled.
     *
     * @param original what it held before the first change
     * @param previous what it held before the last change: what it holds if that was never made
     * @param last what the last change was to write
     * @param holds what it held after the last change, as far as that is known
     */
    record Changed(ParameterKey key, String original, String previous, String last, String holds, boolean kept) {

        Changed holding(String found) {
            return new Changed(key, original, previous, last, found, kept);
        }

        Changed keeping() {
            return new Changed(key, original, previous, last, holds, true);
        }

        /** Whether this may be what the session has left there, in the kernel's spelling or ours. */
        boolean isOurs(String found) {
            return same(found, holds) || same(found, last) || same(found, previous);
        }
    }

    /** What a file says as a whole; changes in the order in which they were first made. */
    record Contents(Optional<Begin> begin, boolean ended, Map<String, String> recipes, List<Changed> changes) {}

    Path path() {
        return file;
    }

    void create(Begin begin) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null) throw new IllegalStateException(file + " has no folder");
        if (file.getFileSystem().supportedFileAttributeViews().contains("posix"))
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        append(List.of(begin));
        sync(folder);
    }

    /** Writes lines and returns once they are on the disk. */
    void append(List<? extends Line> lines) throws IOException {
        var text = new StringBuilder();
        for (Line line : lines) {
            ObjectNode node = JSON.createObjectNode();
            node.set(name(line), JSON.valueToTree(line));
            text.append(node).append('\n');
        }
        ByteBuffer bytes = ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8));
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            channel.position(endOfWholeLines(channel));
            channel.truncate(channel.position());
            while (bytes.hasRemaining()) channel.write(bytes);
            channel.force(true);
        }
    }

    /** Behind the last line feed: what follows is what a crash has left of a line. */
    private static long endOfWholeLines(FileChannel channel) throws IOException {
        ByteBuffer one = ByteBuffer.allocate(1);
        for (long end = channel.size(); end > 0; end--) {
            one.clear();
            channel.read(one, end - 1);
            if (one.get(0) == '\n') return end;
        }
        return 0;
    }

    private static String name(Line line) {
        return switch (line) {
            case Begin _ -> "begin";
            case Recipe _ -> "recipe";
            case Change _ -> "change";
            case Holds _ -> "holds";
            case Keep _ -> "keep";
            case Settled _ -> "settled";
            case End _ -> "end";
        };
    }

    /** Reads all whole lines; lines that make no sense are passed over, for what the others say still has to be done. */
    Contents read() throws IOException {
        String text;
        try {
            text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (NoSuchFileException _) {
            text = "";
        }
        Optional<Begin> begin = Optional.empty();
        boolean ended = false;
        var recipes = new LinkedHashMap<String, String>();
        var changes = new LinkedHashMap<ParameterKey, Changed>();
        for (Line line : lines(text.substring(0, text.lastIndexOf('\n') + 1))) {
            switch (line) {
                case Begin first -> begin = Optional.of(first);
                case Recipe recipe -> recipes.put(recipe.target(), recipe.text());
                case Change change ->
                    changes.merge(
                            new ParameterKey(change.target(), change.parameter()),
                            first(change),
                            (earlier, _) -> again(earlier, change));
                case Holds holds ->
                    changes.computeIfPresent(
                            new ParameterKey(holds.target(), holds.parameter()),
                            (_, was) -> was.holding(holds.value()));
                case Keep keep ->
                    changes.computeIfPresent(
                            new ParameterKey(keep.target(), keep.parameter()), (_, was) -> was.keeping());
                case Settled settled -> changes.remove(new ParameterKey(settled.target(), settled.parameter()));
                case End _ -> ended = true;
            }
        }
        return new Contents(begin, ended, recipes, List.copyOf(changes.values()));
    }

    static Changed first(Change change) {
        return new Changed(
                new ParameterKey(change.target(), change.parameter()),
                change.before(),
                change.before(),
                change.value(),
                change.value(),
                false);
    }

    static Changed again(Changed earlier, Change change) {
        return new Changed(earlier.key(), earlier.original(), change.before(), change.value(), change.value(), false);
    }

    private static List<Line> lines(String text) {
        var lines = new ArrayList<Line>();
        text.lines().forEach(each -> {
            try {
                JsonNode node = JSON.readTree(each);
                if (node.has("begin")) lines.add(JSON.treeToValue(node.get("begin"), Begin.class));
                else if (node.has("recipe")) lines.add(JSON.treeToValue(node.get("recipe"), Recipe.class));
                else if (node.has("change")) lines.add(JSON.treeToValue(node.get("change"), Change.class));
                else if (node.has("holds")) lines.add(JSON.treeToValue(node.get("holds"), Holds.class));
                else if (node.has("keep")) lines.add(JSON.treeToValue(node.get("keep"), Keep.class));
                else if (node.has("settled")) lines.add(JSON.treeToValue(node.get("settled"), Settled.class));
                else if (node.has("end")) lines.add(JSON.treeToValue(node.get("end"), End.class));
            } catch (JsonProcessingException _) {
                // A damaged line; the rest still says what has to be put back.
            }
        });
        return lines;
    }

    void delete() throws IOException {
        Files.deleteIfExists(file);
    }

    static void sync(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** Whether two texts are one value: spaces and the spelling of numbers do not count. */
    static boolean same(String one, String other) {
        String a = one.strip().replaceAll("\\s+", " ");
        String b = other.strip().replaceAll("\\s+", " ");
        if (a.equals(b)) return true;
        try {
            return new BigDecimal(a).compareTo(new BigDecimal(b)) == 0;
        } catch (NumberFormatException _) {
            return false;
        }
    }
}
