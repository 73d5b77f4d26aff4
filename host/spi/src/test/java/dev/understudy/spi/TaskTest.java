package dev.understudy.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TaskTest {

    private static Map<String, Object> parameters(Map<String, Object> given) {
        return new Task("1", "copy", "", given, Instant.EPOCH, Duration.ZERO, true).parameters();
    }

    private static Map<String, Object> numbered(int size) {
        var map = new LinkedHashMap<String, Object>();
        for (int i = size; i > 0; i--) map.put("name" + i, (long) i);
        return map;
    }

    @Nested
    class ItsParameters {
        @ParameterizedTest
        @ValueSource(ints = {0, 1, 5, 12, 13, 100})
        void areEqualToWhatWasGivenInTheSameOrder(int size) {
            Map<String, Object> given = numbered(size);
            Map<String, Object> parameters = parameters(given);
            assertThat(parameters).isEqualTo(given).hasSameHashCodeAs(given).hasSize(size);
            assertThat(given).isEqualTo(parameters);
            assertThat(List.copyOf(parameters.keySet())).isEqualTo(List.copyOf(given.keySet()));
            given.forEach((name, value) -> assertThat(parameters).containsEntry(name, value));
            assertThat(parameters.get("nothing")).isNull();
            assertThat(parameters.containsKey("nothing")).isFalse();
        }

        @ParameterizedTest
        @ValueSource(ints = {1, 100})
        void cannotBeChanged(int size) {
            Map<String, Object> parameters = parameters(numbered(size));
            assertThatThrownBy(() -> parameters.put("a", 1L)).isInstanceOf(UnsupportedOperationException.class);
            assertThatThrownBy(() -> parameters.remove("name1")).isInstanceOf(UnsupportedOperationException.class);
            assertThatThrownBy(() -> parameters.entrySet().iterator().next().setValue(2L))
                    .isInstanceOf(UnsupportedOperationException.class);
        }

        @Test
        void doNotFollowWhatWasGiven() {
            var inner = new LinkedHashMap<String, Object>(Map.of("b", 1L));
            var list = new ArrayList<Object>(List.of(inner, "x"));
            Map<String, Object> parameters = parameters(Map.of("list", list));
            inner.put("b", 2L);
            list.add("y");
            assertThat(parameters).isEqualTo(Map.of("list", List.of(Map.of("b", 1L), "x")));
        }

        @Test
        void areSharedByTasksThatAreMadeOfEachOther() {
            Map<String, Object> parameters = parameters(Map.of("a", List.of("x")));
            assertThat(parameters(parameters)).isSameAs(parameters);
        }

        @Test
        void holdWholeNumbersAsLong() {
            assertThat(parameters(Map.of("n", 7))).isEqualTo(Map.of("n", 7L));
        }

        @Test
        void holdJsonValuesOnly() {
            assertThatThrownBy(() -> parameters(Map.of("when", List.of(Instant.EPOCH))))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("parameter 'when' holds a java.time.Instant");
        }
    }
}
