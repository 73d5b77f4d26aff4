package dev.understudy.core.plugin;

import dev.understudy.core.problem.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A file of approved SHA-256 sums, in the format of {@code sha256sum}: sum, two spaces, name. */
final class ApprovalList {
    /** What the list is called in a plugins folder. */
    static final String FILE_NAME = "approved.sha256";

    private static final Pattern LINE = Pattern.compile("([0-9a-f]{64}) [ *](.+)");

    private final Path file;
    private final Map<String, String> nameBySum;

    private ApprovalList(Path file, Map<String, String> nameBySum) {
        this.file = file;
        this.nameBySum = nameBySum;
    }

    /** Reads the list; an absent file approves nothing, and neither does a line that is none. */
    static ApprovalList read(Path folder) {
        return read(folder, FILE_NAME);
    }

    /** Reads a list of another name, of sums of which something else is to be known. */
    static ApprovalList read(Path folder, String fileName) {
        Path file = folder.resolve(fileName);
        var sums = new LinkedHashMap<String, String>();
        try {
            if (Files.exists(file)) {
                for (String line : Files.readAllLines(file)) {
                    var match = LINE.matcher(line);
                    if (match.matches()) sums.put(match.group(1), match.group(2));
                }
            }
        } catch (IOException e) {
            throw UserException.failed(
                    "The list of plugins " + file + " cannot be read",
                    e.getClass().getSimpleName() + " " + e.getMessage(),
                    "Make it readable, or delete it and approve your plugins again",
                    e);
        }
        return new ApprovalList(file, sums);
    }

    boolean contains(String sha256) {
        return nameBySum.containsKey(sha256);
    }

    /** What stands beside a sum; empty if it is not in the list. */
    String name(String sha256) {
        return nameBySum.getOrDefault(sha256, "");
    }

    /** What stands beside the sums. */
    List<String> names() {
        return List.copyOf(nameBySum.values());
    }

    /** Removes those beside which something stands that begins so. */
    void removeNamed(String beginning) {
        nameBySum.values().removeIf(name -> name.startsWith(beginning));
    }

    void add(String sha256, String name) {
        nameBySum.put(sha256, name);
    }

    void remove(String sha256) {
        nameBySum.remove(sha256);
    }

    /** Replaces the file in one step, so that no reader sees half of it. */
    void save() throws IOException {
        String text = nameBySum.entrySet().stream()
                .map(entry -> entry.getKey() + "  " + entry.getValue() + "\n")
                .collect(Collectors.joining());
        Path next = Files.createTempFile(file.toAbsolutePath().getParent(), ".approved", ".new");
        Files.writeString(next, text);
        Files.move(next, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }
}
