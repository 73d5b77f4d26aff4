package dev.understudy.app.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LivePointsTest {
    private final EventStream stream = new EventStream(0);
    private final LivePoints points = new LivePoints();

    private static List<JsonNode> batches(EventStream.Reader reader)
            throws InterruptedException, JsonProcessingException {
        var batches = new ArrayList<JsonNode>();
        while (true) {
            byte[] bytes = reader.next(0, TimeUnit.SECONDS);
            if (bytes == null || bytes.length == 0) return batches;
            String text = new String(bytes, StandardCharsets.UTF_8);
            assertThat(text).startsWith("event: metric\ndata: ");
            batches.add(WebJson.MAPPER.readTree(text.substring(text.indexOf('{'))));
        }
    }

    @Test
    void sendsAThousandPointsASecondInFiveEvents() throws Exception {
        var reader = stream.open(null, () -> {}).orElseThrow();
        for (int turn = 0; turn < 5; turn++) {
            for (int i = 0; i < 200; i++) points.add("step/a", 1000L * turn + i, i);
            points.flush(stream);
        }
        List<JsonNode> batches = batches(reader);
        assertThat(batches).hasSize(5);
        for (JsonNode each : batches) {
            assertThat(each.at("/series/step~1a/at")).hasSize(200);
            assertThat(each.at("/series/step~1a/value")).hasSize(200);
        }
        assertThat(batches.getLast().at("/series/step~1a/at/199").asLong()).isEqualTo(4199);
    }

    @Test
    void sendsNoEventWhereNothingCame() throws Exception {
        var reader = stream.open(null, () -> {}).orElseThrow();
        points.flush(stream);
        assertThat(batches(reader)).isEmpty();
    }

    @Test
    void keepsWithinItsBoundsWhateverComes() throws Exception {
        var reader = stream.open(null, () -> {}).orElseThrow();
        for (int i = 0; i < 10_000; i++) points.add("step/" + i, i, i);
        for (int i = 0; i < 10_000; i++) points.add("step/0", i, i);
        points.flush(stream);
        JsonNode batch = batches(reader).getFirst().path("series");
        assertThat(batch).hasSize(LivePoints.MAX_SERIES);
        int sum = 0;
        for (JsonNode each : batch) sum += each.path("at").size();
        assertThat(sum).isEqualTo(LivePoints.MAX_POINTS);
    }

    @Test
    void keepsTheLatestMinutesOfTheHostAlone() {
        for (int i = 0; i < LivePoints.KEPT + 1; i++) points.sample("cpuPercent", i, i);
        points.sample("memoryPercent", 1, Double.NaN);
        points.add("step/a", 1, 1);
        JsonNode series = points.recent().path("series");
        assertThat(series).hasSize(1);
        assertThat(series.at("/cpuPercent/at/0").asLong()).isEqualTo(1);
        assertThat(series.at("/cpuPercent/at")).hasSize(LivePoints.KEPT);
    }
}
