package dev.understudy.core.tuning.journal;

import dev.understudy.spi.tuning.ParameterTarget;
import dev.understudy.spi.tuning.TunableParameter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Parameters that are files of a folder; each ends with a line feed, as the kernel's do. */
final class FolderTarget implements ParameterTarget {
    private final Path folder;
    private final Survival survival;

    /** What was written, in order: "name=value". */
    final List<String> written = new ArrayList<>();

    /** Parameters that refuse every value. */
    final Set<String> refusing = new HashSet<>();

    /** What else happens when a parameter was written. */
    SideEffect afterWrite = _ -> {};

    interface SideEffect {
        void of(String name) throws IOException;
    }

    enum Survival {
        OUTLASTS_RESTART,
        UNTIL_RESTART
    }

    FolderTarget(Path folder, Survival survival) {
        this.folder = folder;
        this.survival = survival;
    }

    @Override
    public String name() {
        return "folder";
    }

    @Override
    public String description() {
        return "Files of a folder";
    }

    @Override
    public List<TunableParameter> parameters() {
        return List.of();
    }

    @Override
    public String read(String name) throws IOException {
        Path file = folder.resolve(name);
        if (!Files.exists(file)) throw new IllegalArgumentException("there is no parameter " + name);
        return Files.readString(file).strip();
    }

    @Override
    public void write(String name, String value) throws IOException {
        if (refusing.contains(name)) throw new IOException(name + " refuses " + value);
        Files.writeString(folder.resolve(name), value + "\n");
        written.add(name + "=" + value);
        afterWrite.of(name);
    }

    @Override
    public boolean outlastsRestart() {
        return survival == Survival.OUTLASTS_RESTART;
    }
}
