package dev.understudy.sandbox.control.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a file, folder or link has beside content, permissions and time.
 *
 * @param owner null leaves it to whoever makes the file
 * @param extended extended attributes of the namespace {@code user} by name, and access control lists by {@link #ACCESS} and
 *     {@link #DEFAULT}, all in Base64; the other namespaces are the system's own
 */
record Traits(@Nullable Owner owner, Map<String, String> extended) {
    static final Traits NONE = new Traits(null, Map.of());

    /** Who may do what with a file or folder. No attribute of a person's has such a name, since NUL ends names. */
    static final String ACCESS = "\0access";

    /** What is new in a folder gets this list. */
    static final String DEFAULT = "\0default";

    private static final Map<String, String> LISTS = Map.of(ACCESS, AccessLists.ACCESS, DEFAULT, AccessLists.DEFAULT);

    /** The names that an overlay gives its own marks. */
    private static final String OVERLAY = "overlay.";

    /** User and group, by number. */
    record Owner(int uid, int gid) {}

    Traits {
        extended = Map.copyOf(extended);
    }

    static Traits of(Owner owner) {
        return new Traits(owner, Map.of());
    }

    /** Access control lists alone: they are part of the permissions. */
    static Map<String, String> onlyAccess(Map<String, String> extended) {
        return extended.entrySet().stream()
                .filter(each -> LISTS.containsKey(each.getKey()))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    static Map<String, String> onlyPersons(Map<String, String> extended) {
        return extended.entrySet().stream()
                .filter(each -> !LISTS.containsKey(each.getKey()))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** Extended attributes of a path that the caller has pinned; none where the file system has none. */
    static Map<String, String> readExtended(Path path) throws IOException {
        var view = Files.getFileAttributeView(path, UserDefinedFileAttributeView.class);
        var values = new TreeMap<String, String>();
        if (view == null) return values;
        LISTS.forEach((name, attribute) -> accessList(path, attribute).ifPresent(list -> values.put(name, list)));
        try {
            for (String name : view.list()) {
                if (name.startsWith(OVERLAY)) continue;
                ByteBuffer value = ByteBuffer.allocate(view.size(name));
                view.read(name, value);
                values.put(name, Base64.getEncoder().encodeToString(value.array()));
            }
        } catch (FileSystemException _) {
            // Like cp -a, which goes on where they cannot be read.
            return onlyAccess(values);
        }
        return values;
    }

    private static Optional<String> accessList(Path path, String attribute) {
        return AccessLists.read(path, attribute).map(Base64.getEncoder()::encodeToString);
    }

    /** Adds them to a path that the caller has pinned, where the file system takes them. */
    static void writeExtended(Path path, Map<String, String> values) throws IOException {
        if (values.isEmpty()) return;
        LISTS.forEach((name, attribute) -> {
            String list = values.get(name);
            if (list != null)
                AccessLists.write(path, attribute, Base64.getDecoder().decode(list));
        });
        var view = Files.getFileAttributeView(path, UserDefinedFileAttributeView.class);
        if (view == null) return;
        for (var value : values.entrySet()) {
            if (LISTS.containsKey(value.getKey())) continue;
            try {
                view.write(value.getKey(), ByteBuffer.wrap(Base64.getDecoder().decode(value.getValue())));
            } catch (FileSystemException _) {
                // Another file system may have no room for them, or none at all: the file itself matters more.
                return;
            }
        }
    }
}
