package dev.understudy.spi.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.spi.optimization.Dimension;
import dev.understudy.spi.tuning.ParameterTarget;
import dev.understudy.spi.tuning.TunableParameter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What every {@link ParameterTarget} keeps. An implementer extends this class and gives a target whose parameters a test may
 * change: that of a copy, a fake, or a thing that nobody else uses. Every test puts back what it has changed.
 */
public abstract class ParameterTargetContract {

    /** Returns a target as the host would make it, with at least one parameter that can be changed here. */
    protected abstract ParameterTarget target();

    private List<TunableParameter> changeable() {
        List<TunableParameter> changeable = target().parameters().stream()
                .filter(TunableParameter::changeable)
                .toList();
        assertThat(changeable).as("parameters that can be changed here").isNotEmpty();
        return changeable;
    }

    /** Values at the edges of a dimension, and its special ones. */
    private static List<Object> edges(Dimension dimension) {
        return switch (dimension) {
            case Dimension.RealRange range -> {
                var edges = new ArrayList<Object>(range.specialValues());
                edges.addAll(List.of(range.low(), range.high()));
                yield edges;
            }
            case Dimension.IntegerRange range -> {
                var edges = new ArrayList<Object>(range.specialValues());
                edges.addAll(List.of(range.low(), range.high()));
                yield edges;
            }
            case Dimension.Ordinal ordinal -> List.copyOf(ordinal.levels());
            case Dimension.Categorical categorical -> List.copyOf(categorical.choices());
            case Dimension.Flag _ -> List.of(true, false);
        };
    }

    @Test
    void hasANameForTheCommandLineAndADescriptionOfOneLine() {
        assertThat(target().name()).matches("[a-z][a-z0-9-]*");
        assertThat(target().description()).isNotBlank().doesNotContain("\n");
    }

    @Test
    void itsParametersHaveDistinctNamesAndEachAMeaningOfOneLine() {
        List<TunableParameter> parameters = target().parameters();
        assertThat(parameters).extracting(TunableParameter::name).doesNotHaveDuplicates();
        assertThat(parameters).allSatisfy(parameter -> {
            assertThat(parameter.meaning()).isNotBlank().doesNotContain("\n");
            assertThat(parameter.refusal()).doesNotContain("\n");
            assertThat(parameter.administrator()).doesNotContain("\n");
        });
    }

    @Test
    void findsEachParameterByItsName() {
        for (TunableParameter parameter : target().parameters())
            assertThat(target().parameter(parameter.name())).contains(parameter);
        assertThat(target().parameter("no.such.parameter")).isEmpty();
    }

    @Test
    void readsWhatTheListShows() throws IOException {
        for (TunableParameter parameter : changeable())
            assertThat(target().read(parameter.name())).isEqualTo(parameter.value());
    }

    @Test
    void takesWhatItReadByteForByte() throws IOException {
        for (TunableParameter parameter : changeable()) {
            String name = parameter.name();
            String before = target().read(name);
            target().write(name, before);
            assertThat(target().read(name)).as(name).isEqualTo(before);
        }
    }

    @Test
    void readsEveryEdgeOfADimensionAsItFormatsIt() throws IOException {
        for (TunableParameter parameter : changeable()) {
            String name = parameter.name();
            String before = target().read(name);
            try {
                for (Object edge : edges(parameter.dimension())) {
                    String text = target().format(parameter.dimension(), edge);
                    target().write(name, text);
                    assertThat(target().read(name)).as(name).isEqualTo(text);
                }
            } finally {
                target().write(name, before);
            }
            assertThat(target().read(name)).as(name + " put back").isEqualTo(before);
        }
    }

    @Test
    void knowsNothingThatItDoesNotList() {
        for (String name : List.of("no.such.parameter", "", "../../etc/passwd")) {
            assertThatIllegalArgumentException().isThrownBy(() -> target().read(name));
            assertThatIllegalArgumentException().isThrownBy(() -> target().write(name, "1"));
        }
    }

    @Test
    void refusesAValueOfTwoLinesAndLeavesTheParameterAsItWas() throws IOException {
        String name = changeable().getFirst().name();
        String before = target().read(name);
        assertThatThrownBy(() -> target().write(name, before + "\n" + before)).isInstanceOf(IOException.class);
        assertThat(target().read(name)).isEqualTo(before);
    }
}
