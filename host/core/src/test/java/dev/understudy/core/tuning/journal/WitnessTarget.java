package dev.understudy.core.tuning.journal;

import dev.understudy.spi.tuning.ParameterTarget;
import dev.understudy.spi.tuning.TunableParameter;
import java.io.IOException;
import java.util.List;

/** Has somebody look before each write. */
record WitnessTarget(ParameterTarget target, Runnable beforeWrite) implements ParameterTarget {
    @Override
    public String name() {
        return target.name();
    }

    @Override
    public String description() {
        return target.description();
    }

    @Override
    public List<TunableParameter> parameters() {
        return target.parameters();
    }

    @Override
    public String read(String name) throws IOException {
        return target.read(name);
    }

    @Override
    public void write(String name, String value) throws IOException {
        beforeWrite.run();
        target.write(name, value);
    }
}
