package __PACKAGE__;

import dev.understudy.spi.optimization.Dimension;
import dev.understudy.spi.tuning.ParameterTarget;
import dev.understudy.spi.tuning.TunableParameter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.pf4j.Extension;

/** A number of workers, which a program reads from a file. */
@Extension
public final class __CLASS__ implements ParameterTarget {
    private static final Dimension WORKERS =
            new Dimension.IntegerRange("workers", 1, 64, Dimension.Scale.LOG, List.of());

    private final Path file;

    public __CLASS__() {
        this(Path.of(System.getProperty("user.home"), ".__ID__"));
    }

    __CLASS__(Path file) {
        this.file = file;
    }

    @Override
    public String name() {
        return "__NAME__";
    }

    @Override
    public String description() {
        return "How many workers " + file + " asks for";
    }

    @Override
    public List<TunableParameter> parameters() {
        try {
            return List.of(new TunableParameter(WORKERS, "how many work side by side", now(), ""));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String read(String name) throws IOException {
        check(name);
        return now();
    }

    @Override
    public void write(String name, String value) throws IOException {
        check(name);
        if (!value.matches("\\d{1,3}")) throw new IOException("the number of workers must be a number");
        Files.writeString(file, value);
    }

    private String now() throws IOException {
        return Files.exists(file) ? Files.readString(file) : "1";
    }

    private static void check(String name) {
        if (!name.equals(WORKERS.name())) throw new IllegalArgumentException("there is no parameter " + name);
    }
}
