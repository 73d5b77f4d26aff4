package dev.understudy.sandbox.control.cells;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What cells are started from.
 *
 * @param javaExecutable the {@code java} of a JDK 25 or newer
 * @param classPath the cell's jar, the protocol's, and the polyglot jars; jars only, since an AOT cache takes no folders
 * @param cacheDirectory below the data home; unpacked resources and AOT caches are made there on first use
 */
public record CellInstallation(Path javaExecutable, List<Path> classPath, Path cacheDirectory) {
    private static final String MAIN = "dev.understudy.sandbox.cell.CellMain";

    public CellInstallation {
        classPath = List.copyOf(classPath);
        if (classPath.isEmpty()) throw new IllegalArgumentException("the cell's class path is empty");
    }

    /** How Java is set up for a cell, whatever it then does; an AOT cache fits only the same settings. */
    List<String> flags(int heapMebibytes) {
        return List.of(
                "-Xmx" + heapMebibytes + "m",
                "-XX:+UseSerialGC",
                // An idle cell collects once, and that one collection is to give all back that is not used.
                "-XX:-ShrinkHeapInSteps",
                "-XX:MinHeapFreeRatio=10",
                "-XX:MaxHeapFreeRatio=30",
                "-XX:TieredStopAtLevel=1",
                "-XX:+ExitOnOutOfMemoryError",
                // Else its last words go to standard output, which is the protocol.
                "-XX:+DisplayVMOutputToStderr",
                "-XX:-UsePerfData",
                "-Xlog:disable",
                "-Djava.awt.headless=true",
                "-Dpolyglotimpl.AttachLibraryFailureAction=ignore",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow");
    }

    /** The class path and what is started from it. */
    List<String> program() {
        return List.of("-cp", classPath.stream().map(Path::toString).collect(Collectors.joining(":")), MAIN);
    }
}
