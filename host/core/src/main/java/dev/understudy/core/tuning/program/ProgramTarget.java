package dev.understudy.core.tuning.program;

import dev.understudy.core.config.DataHome;
import dev.understudy.spi.optimization.Dimension;
import dev.understudy.spi.tuning.ParameterTarget;
import dev.understudy.spi.tuning.TunableParameter;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;

/**
 * A person's command or script as a parameter target, so that the journal can put its values back as it does all others. It has
 * one parameter, all values at once, as JSON. Since nobody can ask the program what is in force, what was applied last is kept
 * in a file; where there is none, nothing was, and to put that back is to apply the default setting.
 */
final class ProgramTarget implements ParameterTarget {
    static final String NAME = "program";
    static final String SETTING = "setting";

    /** Not what any setting looks like. */
    private static final String UNTOUCHED = "untouched";

    private static final String FAILED = "failed ";

    private final Application application;
    private final Path state;
    private final Map<String, String> defaults;

    /** Runs the program with these values, by parameter. */
    interface Application {
        void apply(Map<String, String> values) throws IOException, InterruptedException;
    }

    ProgramTarget(Application application, Path state, Map<String, String> defaults) {
        this.application = application;
        this.state = state;
        this.defaults = Map.copyOf(defaults);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String description() {
        return "Puts values in force by a command or script of your own.";
    }

    @Override
    public List<TunableParameter> parameters() {
        // Nobody picks its one parameter by hand; the journal knows it by name.
        return List.of(new TunableParameter(new Dimension.Flag(SETTING), "all values at once", "", ""));
    }

    @Override
    public String read(String name) throws IOException {
        try {
            return Files.readString(state);
        } catch (NoSuchFileException _) {
            return UNTOUCHED;
        }
    }

    @Override
    public void write(String name, String value) throws IOException {
        boolean back = value.equals(UNTOUCHED);
        // The file first: a program that was cut off in the middle has applied some of it.
        if (!back) keep(value);
        try {
            application.apply(back ? defaults : SessionJson.setting(value));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("it was interrupted", e);
        } catch (IOException e) {
            // So that the same setting is not taken to be in force when it is wanted again.
            if (!back) keep(FAILED + value);
            throw e;
        }
        if (back) Files.deleteIfExists(state);
    }

    private void keep(String text) throws IOException {
        DataHome.createPrivateFile(state);
        try (var channel = FileChannel.open(state, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            channel.write(StandardCharsets.UTF_8.encode(text));
            channel.force(true);
        }
    }
}
