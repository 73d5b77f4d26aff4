package dev.understudy.app.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventStreamTest {
    private final EventStream stream = new EventStream(36);
    private final AtomicInteger dropped = new AtomicInteger();

    private static ObjectNode number(int value) {
        return JsonNodeFactory.instance.objectNode().put("n", value);
    }

    private EventStream.Reader open(@Nullable String lastId) {
        return stream.open(lastId, dropped::incrementAndGet).orElseThrow();
    }

    /** All that waits for a reader, one text an event; null stands for the end. */
    private static List<@Nullable String> read(EventStream.Reader reader) {
        var read = new ArrayList<@Nullable String>();
        try {
            while (true) {
                byte[] bytes = reader.next(0, TimeUnit.SECONDS);
                if (bytes != null && bytes.length == 0) return read;
                read.add(bytes == null ? null : new String(bytes, StandardCharsets.UTF_8));
                if (bytes == null) return read;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    @Test
    void goesOverTheWireAsTheStandardHasIt() {
        var reader = open(null);
        stream.publish("event", JsonNodeFactory.instance.objectNode().put("text", "a\nb"));
        stream.publishUnkept("metric", number(1));
        assertThat(read(reader))
                .containsExactly(
                        "id: 10-1\nevent: event\ndata: {\"text\":\"a\\nb\"}\n\n", "event: metric\ndata: {\"n\":1}\n\n");
    }

    @Nested
    class WhenAReaderComesBack {
        @Test
        void itGetsWhatItMissedAndThenWhatComes() {
            for (int i = 1; i <= 5; i++) stream.publish("run", number(i));
            var reader = open("10-3");
            stream.publish("run", number(6));
            assertThat(read(reader))
                    .containsExactly(
                            "id: 10-4\nevent: run\ndata: {\"n\":4}\n\n",
                            "id: 10-5\nevent: run\ndata: {\"n\":5}\n\n",
                            "id: 10-6\nevent: run\ndata: {\"n\":6}\n\n");
        }

        @Test
        void itGetsNothingIfItMissedNothing() {
            stream.publish("run", number(1));
            assertThat(read(open("10-1"))).isEmpty();
        }

        @Test
        void itGetsAllThatIsKept() {
            for (int i = 1; i <= EventStream.KEPT + 2; i++) stream.publish("run", number(i));
            List<@Nullable String> read = read(open("10-2"));
            assertThat(read).hasSize(EventStream.KEPT);
            assertThat(read.getFirst()).startsWith("id: 10-3\n");
        }

        @Test
        void itIsToldOfAGapWhereThatIsNotKept() {
            for (int i = 1; i <= EventStream.KEPT + 2; i++) stream.publish("run", number(i));
            assertThat(read(open("10-1"))).containsExactly("id: 10-1002\nevent: gap\ndata: {}\n\n");
        }

        @ParameterizedTest
        @ValueSource(strings = {"11-1", "10-99", "nonsense", "10-", "10-999999999999999999999", "10-1\nevent: x"})
        void itIsToldOfAGapWhereTheIdIsNotOurs(String lastId) {
            stream.publish("run", number(1));
            assertThat(read(open(lastId))).containsExactly("id: 10-1\nevent: gap\ndata: {}\n\n");
        }
    }

    @Nested
    class WhenAReaderDoesNotKeepUp {
        @Test
        void itIsDroppedAndTheOthersGoOn() {
            var slow = open(null);
            var quick = open(null);
            var read = new ArrayList<@Nullable String>();
            for (int i = 1; i <= EventStream.MAX_BEHIND + 1; i++) {
                stream.publish("run", number(i));
                read.addAll(read(quick));
            }
            assertThat(dropped).hasValue(1);
            assertThat(read(slow)).containsExactly((String) null);
            assertThat(stream.readers()).isEqualTo(1);
            assertThat(read).hasSize(EventStream.MAX_BEHIND + 1);
        }
    }

    @Nested
    class WhenThereAreManyReaders {
        @Test
        void noMoreAreTakenUntilOneGoes() {
            var readers = new ArrayList<EventStream.Reader>();
            for (int i = 0; i < EventStream.MAX_READERS; i++) readers.add(open(null));
            assertThat(stream.open(null, () -> {})).isEmpty();
            readers.getFirst().close();
            assertThat(stream.open(null, () -> {})).isPresent();
        }
    }

    @Test
    void endsForAllWhenItIsClosed() {
        var reader = open(null);
        stream.close();
        assertThat(read(reader)).containsExactly((String) null);
        assertThat(stream.open(null, () -> {})).isEmpty();
    }
}
