package dev.understudy.core.sandbox;

import dev.understudy.core.problem.UserException;
import dev.understudy.sandbox.control.cells.CellOptions.Preparation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where the parts of an installed Understudy lie.
 *
 * @param plugins folder of the built-in plugins
 * @param templates folder of the built-in automation templates
 * @param cellClassPath jars from which cells start
 * @param javaExecutable the {@code java} that cells start with
 * @param cellCache where what makes cells start fast is kept; if empty, the data home
 * @param preparation what becomes of what makes them so, if it is under way when the host closes
 */
public record Installation(
        Path plugins,
        Path templates,
        List<Path> cellClassPath,
        Path javaExecutable,
        Optional<Path> cellCache,
        Preparation preparation) {
    public Installation {
        cellClassPath = List.copyOf(cellClassPath);
    }

    /**
     * Reads an installation as the build lays it out: {@code plugins/} and {@code cell/} below one folder.
     *
     * @throws UserException if it is not complete
     */
    public static Installation at(Path distribution, Path templates) {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        return new Installation(
                required(distribution.resolve("plugins")),
                required(templates),
                jars(required(distribution.resolve("cell"))),
                java,
                Optional.empty(),
                Preparation.ENDS_WITH_HOST);
    }

    /** The same with a folder for what makes cells start fast, so that several data homes share it. */
    public Installation withCellCache(Path folder) {
        return new Installation(plugins, templates, cellClassPath, javaExecutable, Optional.of(folder), preparation);
    }

    /** The same for a host that answers and is gone: what makes its cells start fast is made behind it. */
    public Installation preparingBehind() {
        return new Installation(
                plugins, templates, cellClassPath, javaExecutable, cellCache, Preparation.OUTLIVES_HOST);
    }

    private static Path required(Path folder) {
        // A program names it as it likes, and its parts are compared with it name by name.
        if (Files.isDirectory(folder)) return folder.toAbsolutePath().normalize();
        throw UserException.failed(
                "The installation is not complete", folder + " is missing", "Build it again: mvn package -DskipTests");
    }

    private static List<Path> jars(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw UserException.failed(
                    "The installation cannot be read", String.valueOf(e), "Build it again: mvn package -DskipTests", e);
        }
    }
}
