package dev.understudy.core.optimization;

import dev.understudy.spi.optimization.Dimension;
import dev.understudy.spi.tuning.ParameterTarget;
import dev.understudy.spi.tuning.TunableParameter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Parameters that are files of a folder. */
final class FilesTarget implements ParameterTarget {
    private final Path folder;
    private final Map<String, Dimension> dimensions = new LinkedHashMap<>();

    /** Why they cannot be changed. */
    final Map<String, String> refusals = new LinkedHashMap<>();

    /** Where an administrator has set them. */
    final Map<String, String> administrators = new LinkedHashMap<>();

    /** What was written, in order: "name=value". */
    final List<String> written = new ArrayList<>();

    /** "name=value" that a write refuses. */
    final Set<String> refusing = new HashSet<>();

    FilesTarget(Path folder) {
        this.folder = folder;
    }

    void has(Dimension dimension, String value) throws IOException {
        dimensions.put(dimension.name(), dimension);
        Files.writeString(folder.resolve(dimension.name()), value);
    }

    @Override
    public String name() {
        return "files";
    }

    @Override
    public String description() {
        return "Files of a folder";
    }

    @Override
    public List<TunableParameter> parameters() {
        return dimensions.values().stream().map(this::look).toList();
    }

    private TunableParameter look(Dimension dimension) {
        try {
            return new TunableParameter(
                    dimension,
                    "What the test makes of it",
                    read(dimension.name()),
                    refusals.getOrDefault(dimension.name(), ""),
                    administrators.getOrDefault(dimension.name(), ""));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public String read(String name) throws IOException {
        return Files.readString(folder.resolve(name));
    }

    @Override
    public void write(String name, String value) throws IOException {
        if (refusing.contains(name + "=" + value)) throw new IOException(name + " refuses " + value);
        Files.writeString(folder.resolve(name), value);
        written.add(name + "=" + value);
    }

    @Override
    public boolean outlastsRestart() {
        return true;
    }

    @Override
    public String command(String name, String value) {
        return "set " + name + " " + value;
    }
}
