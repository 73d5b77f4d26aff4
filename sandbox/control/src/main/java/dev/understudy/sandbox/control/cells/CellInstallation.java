package dev.understudy.sandbox.control.cells;

import java.nio.file.Path;
import java.util.List;

/**
 * What cells are started from.
 *
 * @param javaExecutable the {@code java} of a JDK 25 or newer
 * @param classPath the cell's jar, the protocol's, and the polyglot jars; jars only, since an AOT cache takes no folders
 * @param cacheDirectory below the data home; unpacked resources and AOT caches are made there on first use
 */
public record CellInstallation(Path javaExecutable, List<Path> classPath, Path cacheDirectory) {
    public CellInstallation {
        classPath = List.copyOf(classPath);
        if (classPath.isEmpty()) throw new IllegalArgumentException("the cell's class path is empty");
    }
}
