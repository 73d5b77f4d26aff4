package dev.understudy.sandbox.control.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a file, folder or link has beside content, permissions and time.
 *
 * @param owner null leaves it to whoever makes the file
 * @param extended extended attributes of the namespace {@code user}, in Base64 by name; the other namespaces are the
 *     system's own and are not for Java
 */
record Traits(@Nullable Owner owner, Map<String, String> extended) {
    static final Traits NONE = new Traits(null, Map.of());

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

    /** Extended attributes of a path that the caller has pinned; none where the file system has none. */
    static Map<String, String> readExtended(Path path) throws IOException {
        var view = Files.getFileAttributeView(path, UserDefinedFileAttributeView.class);
        var values = new TreeMap<String, String>();
        if (view == null) return values;
        try {
            for (String name : view.list()) {
                if (name.startsWith(OVERLAY)) continue;
                ByteBuffer value = ByteBuffer.allocate(view.size(name));
                view.read(name, value);
                values.put(name, Base64.getEncoder().encodeToString(value.array()));
            }
        } catch (FileSystemException _) {
            // Like cp -a, which goes on where they cannot be read.
            return Map.of();
        }
        return values;
    }

    /** Adds them to a path that the caller has pinned, where the file system takes them. */
    static void writeExtended(Path path, Map<String, String> values) throws IOException {
        if (values.isEmpty()) return;
        var view = Files.getFileAttributeView(path, UserDefinedFileAttributeView.class);
        if (view == null) return;
        for (var value : values.entrySet()) {
            try {
                view.write(value.getKey(), ByteBuffer.wrap(Base64.getDecoder().decode(value.getValue())));
            } catch (FileSystemException _) {
                // Another file system may have no room for them, or none at all: the file itself matters more.
                return;
            }
        }
    }
}
