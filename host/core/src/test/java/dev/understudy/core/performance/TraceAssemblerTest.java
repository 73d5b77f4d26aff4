package dev.understudy.core.performance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.understudy.spi.performance.ExecutionState;
import dev.understudy.spi.performance.ResourceUse;
import dev.understudy.spi.performance.StepExecution;
import dev.understudy.spi.performance.WorkflowExecution;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceAssemblerTest {
    private static final long START = 1_762_500_000_000_000_000L;

    private final TraceAssembler traces = new TraceAssembler(10_000);

    private static Span span(String trace, String id, String parent, String name, int from, int to) {
        return new Span(
                trace,
                id,
                parent,
                false,
                "shop",
                name,
                START + from * 1_000_000L,
                START + to * 1_000_000L,
                ExecutionState.SUCCEEDED,
                Map.of(),
                ResourceUse.UNKNOWN);
    }

    @Test
    void makesTheRootAnExecutionAndItsChildrenSteps() {
        traces.add(
                List.of(
                        span("t", "3", "1", "pay", 50, 90),
                        span("t", "2", "1", "reserve", 10, 40),
                        span("t", "4", "2", "sql", 15, 35),
                        span("t", "1", "", "order", 0, 100)),
                0,
                0);

        assertThat(traces.finishAll()).singleElement().satisfies(execution -> {
            assertThat(execution.workflow()).isEqualTo("shop: order");
            assertThat(execution.duration()).hasMillis(100);
            assertThat(execution.steps()).extracting(StepExecution::name).containsExactly("reserve", "pay");
        });
    }

    @Test
    void goesDownWhereARootHasOneChildOnly() {
        traces.add(
                List.of(
                        span("t", "1", "", "GET /order", 0, 100),
                        span("t", "2", "1", "handler", 1, 99),
                        span("t", "3", "2", "reserve", 10, 40),
                        span("t", "4", "2", "pay", 50, 90)),
                0,
                0);

        assertThat(traces.finishAll().getFirst().steps())
                .extracting(StepExecution::name)
                .containsExactly("reserve", "pay");
    }

    @Nested
    class WhileSpansComeInSeveralRequests {
        @Test
        void waitsUntilTheTraceIsQuiet() {
            traces.add(List.of(span("t", "1", "", "order", 0, 100)), 0, 0);
            traces.add(List.of(span("t", "2", "1", "reserve", 10, 40)), 0, 1500);

            assertThat(traces.finish(1500 + TraceAssembler.QUIET_MILLIS - 1)).isEmpty();
            assertThat(traces.finish(1500 + TraceAssembler.QUIET_MILLIS))
                    .singleElement()
                    .extracting(WorkflowExecution::steps)
                    .asInstanceOf(InstanceOfAssertFactories.LIST)
                    .hasSize(1);
            assertThat(traces.waiting()).isZero();
        }

        // Exporters send a span when it ends, the root last: nrslib/takt#813, opensearch-project/data-prepper#4517.
        @Test
        void waitsForHoursForTheRootOfALongWorkflow() {
            long hours = 11 * 3_600_000L;
            traces.add(List.of(span("t", "2", "1", "fetch", 10, 40)), 0, 0);
            assertThat(traces.finish(hours)).isEmpty();
            traces.add(List.of(span("t", "3", "1", "load", 50, 90)), 0, hours);
            assertThat(traces.finish(2 * hours)).isEmpty();
            traces.add(List.of(span("t", "1", "", "etl", 0, 100)), 0, 2 * hours);

            assertThat(traces.finish(2 * hours + TraceAssembler.QUIET_MILLIS))
                    .singleElement()
                    .satisfies(execution -> assertThat(execution.steps())
                            .extracting(StepExecution::name)
                            .containsExactly("fetch", "load"));
            assertThat(traces.takeProblems()).isEmpty();
        }

        @Test
        void takesTheTopmostSpanForTheRootWhereNoOtherComes() {
            traces.add(List.of(span("t", "3", "2", "sql", 15, 35), span("t", "2", "gone", "reserve", 10, 40)), 0, 0);

            assertThat(traces.finish(TraceAssembler.PATIENCE_MILLIS - 1)).isEmpty();
            assertThat(traces.finish(TraceAssembler.PATIENCE_MILLIS))
                    .singleElement()
                    .satisfies(execution -> {
                        assertThat(execution.workflow()).isEqualTo("shop: reserve");
                        assertThat(execution.steps())
                                .extracting(StepExecution::name)
                                .containsExactly("sql");
                    });
        }

        // A service behind a proxy that sends no traces: openzipkin/zipkin#3507, Arize-ai/phoenix#2632.
        @Test
        void doesNotWaitForHoursWhereTheCallerIsAnotherProcess() {
            Span called = new Span(
                    "t",
                    "2",
                    "1",
                    true,
                    "shop",
                    "GET /order",
                    START,
                    START + 1,
                    ExecutionState.SUCCEEDED,
                    Map.of(),
                    ResourceUse.UNKNOWN);
            traces.add(List.of(called, span("t", "3", "2", "sql", 0, 0)), 0, 0);

            assertThat(traces.finish(TraceAssembler.ENTRY_QUIET_MILLIS - 1)).isEmpty();
            assertThat(traces.finish(TraceAssembler.ENTRY_QUIET_MILLIS))
                    .singleElement()
                    .extracting(WorkflowExecution::workflow)
                    .isEqualTo("shop: GET /order");
        }

        @Test
        void keepsWhatWaitsForItsRootWhenTheProcessEnds() {
            traces.add(List.of(span("t", "2", "1", "fetch", 10, 40)), 3, 0);
            traces.add(List.of(span("u", "1", "", "order", 0, 100)), 4, 0);

            assertThat(traces.finishRooted())
                    .extracting(WorkflowExecution::workflow)
                    .containsExactly("shop: order");
            assertThat(traces.waiting()).isEqualTo(1);
            assertThat(traces.oldestSegment(4)).isEqualTo(3);
        }

        @Test
        void finishesThoseInTheOldestFileWhereTheDiskIsFull() {
            traces.add(List.of(span("t", "2", "1", "fetch", 10, 40)), 3, 0);
            traces.add(List.of(span("u", "2", "1", "fetch", 10, 40)), 4, 0);

            assertThat(traces.finishOldest()).extracting(WorkflowExecution::id).containsExactly("t:2");
            assertThat(traces.oldestSegment(4)).isEqualTo(4);
        }
    }

    @Nested
    class BadInput {
        @Test
        void ofTwoRootsIsTwoExecutions() {
            traces.add(
                    List.of(
                            span("t", "1", "", "order", 0, 100),
                            span("t", "2", "1", "reserve", 10, 40),
                            span("t", "3", "", "mail", 200, 300),
                            span("t", "4", "3", "render", 210, 240)),
                    0,
                    0);

            assertThat(traces.finishAll())
                    .extracting(
                            WorkflowExecution::workflow,
                            each -> each.steps().getFirst().name())
                    .containsExactly(tuple("shop: order", "reserve"), tuple("shop: mail", "render"));
        }

        @Test
        void thatComesTwiceIsOneStep() {
            Span again = span("t", "2", "1", "reserve", 10, 40);
            traces.add(List.of(span("t", "1", "", "order", 0, 100), again, again), 0, 0);

            assertThat(traces.finishAll().getFirst().steps()).hasSize(1);
        }

        @Test
        void thatComesAfterItsTraceIsNamed() {
            traces.add(List.of(span("t", "1", "", "order", 0, 100)), 0, 0);
            traces.finish(TraceAssembler.QUIET_MILLIS);
            traces.add(List.of(span("t", "2", "1", "reserve", 10, 40)), 0, TraceAssembler.QUIET_MILLIS);

            assertThat(traces.takeProblems())
                    .containsExactly("1 spans came twice, or later than 6 s after the rest of their traces");
            assertThat(traces.finishAll()).isEmpty();
            assertThat(traces.takeFinished()).isEqualTo(2);
        }

        @Test
        void ofAClockThatWentBackIsAnExecutionWhoseStepsReachBeyondIt() {
            traces.add(
                    List.of(
                            span("t", "1", "", "order", 100, 200),
                            span("t", "2", "1", "reserve", 40, 60),
                            span("t", "3", "1", "pay", 190, 230)),
                    0,
                    0);

            assertThat(traces.finishAll()).singleElement().satisfies(execution -> {
                assertThat(execution.duration()).hasMillis(100);
                assertThat(execution.steps()).extracting(StepExecution::name).containsExactly("reserve", "pay");
            });
        }

        @Test
        void ofSpansThatAreTheirOwnAncestorsEnds() {
            traces.add(
                    List.of(
                            span("t", "1", "", "order", 0, 100),
                            span("t", "2", "1", "a", 0, 50),
                            span("t", "2b", "2", "b", 0, 50),
                            span("t", "3", "3", "loop", 0, 50)),
                    0,
                    0);

            assertThat(traces.finishAll()).hasSize(1);
        }
    }

    @Test
    void finishesTheOldestFirstWhereThereIsNoRoom() {
        var small = new TraceAssembler(3);
        small.add(
                List.of(
                        span("old", "1", "", "order", 0, 1),
                        span("old", "2", "1", "pay", 0, 1),
                        span("new", "1", "", "order", 0, 1),
                        span("new", "2", "1", "pay", 0, 1)),
                0,
                0);

        assertThat(small.finish(0)).extracting(WorkflowExecution::id).containsExactly("old:1");
        assertThat(small.waiting()).isEqualTo(2);
    }

    @Nested
    class TheJsonForm {
        private OtlpJson.Spans read(String span) throws IOException {
            return OtlpJson.read(new ObjectMapper().readTree("""
                    {"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}}]},
                     "scopeSpans":[{"spans":[%s]}]}]}""".formatted(span)));
        }

        @Test
        void isReadWithItsAttributesAndItsState() throws IOException {
            OtlpJson.Spans read = read("""
                    {"traceId":"5B8EFFF798038103D269B633813FC60C","spanId":"EEE19B7EC3C1B174","name":"order",
                     "startTimeUnixNano":"1544712660000000000","endTimeUnixNano":"1544712661000000000",
                     "attributes":[{"key":"retries","value":{"intValue":"3"}}],"status":{"code":2}}""");

            assertThat(read.problems()).isEmpty();
            assertThat(read.spans())
                    .containsExactly(new Span(
                            "5b8efff798038103d269b633813fc60c",
                            "eee19b7ec3c1b174",
                            "",
                            false,
                            "shop",
                            "order",
                            1544712660000000000L,
                            1544712661000000000L,
                            ExecutionState.FAILED,
                            Map.of("retries", "3"),
                            ResourceUse.UNKNOWN));
        }

        // Issue 14: use that a trace carries was read as unknown.
        @Test
        void saysWhatItsProcessAndContainerUsed() throws IOException {
            OtlpJson.Spans read = OtlpJson.read(new ObjectMapper().readTree("""
                    {"resourceSpans":[{"resource":{"attributes":[{"key":"k8s.container.memory.limit","value":{"intValue":"200"}}]},
                     "scopeSpans":[{"spans":[{"traceId":"ab","spanId":"cd","name":"order","startTimeUnixNano":1,"endTimeUnixNano":2,
                      "attributes":[{"key":"process.cpu.utilization","value":{"doubleValue":0.5}},
                                    {"key":"container.memory.usage","value":{"intValue":"190"}}]}]}]}]}"""));

            assertThat(read.spans()).extracting(Span::use).containsExactly(new ResourceUse(50, 95));
            assertThat(read.spans())
                    .extracting(Span::attributes)
                    .allSatisfy(attributes -> assertThat(attributes).doesNotContainKey("process.cpu.utilization"));
        }

        // wandb/weave#7126, open-telemetry/opentelemetry-java#1164: the id of no span is written as zeros.
        @ParameterizedTest
        @ValueSource(strings = {"", "0000000000000000", "AAAAAAAAAAA="})
        void takesAParentOfZerosForNone(String parent) throws IOException {
            OtlpJson.Spans read = read("""
                    {"traceId":"5B8EFFF798038103D269B633813FC60C","spanId":"EEE19B7EC3C1B174","parentSpanId":"%s",
                     "name":"order","startTimeUnixNano":1,"endTimeUnixNano":2}""".formatted(parent));

            assertThat(read.spans()).singleElement().matches(Span::isRoot);
        }

        @Test
        void isReadAsProtocolBuffersOwnJsonForm() throws IOException {
            OtlpJson.Spans read = OtlpJson.read(new ObjectMapper().readTree("""
                    {"resource_spans":[{"resource":{"attributes":[]},"scope_spans":[{"spans":[
                     {"trace_id":"W47/95gDgQPSabYzgT/GDA==","span_id":"7uGbfsPBsXQ=","name":"order","kind":"SPAN_KIND_SERVER",
                      "start_time_unix_nano":"1","end_time_unix_nano":"2"}]}]}]}"""));

            assertThat(read.spans())
                    .containsExactly(new Span(
                            "5b8efff798038103d269b633813fc60c",
                            "eee19b7ec3c1b174",
                            "",
                            true,
                            "",
                            "order",
                            1,
                            2,
                            ExecutionState.SUCCEEDED,
                            Map.of(),
                            ResourceUse.UNKNOWN));
        }

        @Test
        void namesTheServiceWhateverStandsBeforeIt() throws IOException {
            String labels = IntStream.range(0, 100)
                    .mapToObj("{\"key\":\"k8s.pod.label.%d\",\"value\":{\"stringValue\":\"v\"}},"::formatted)
                    .collect(Collectors.joining());
            OtlpJson.Spans read = OtlpJson.read(new ObjectMapper().readTree("""
                    {"resourceSpans":[{"resource":{"attributes":[%s{"key":"service.name","value":{"stringValue":"shop"}}]},
                     "scopeSpans":[{"spans":[{"traceId":"ab","spanId":"cd","name":"order",
                      "startTimeUnixNano":"1","endTimeUnixNano":"2"}]}]}]}""".formatted(labels)));

            assertThat(read.spans()).extracting(Span::service).containsExactly("shop");
        }

        @Test
        void isRefusedWhereASpanEndsBeforeItStarts() throws IOException {
            assertThat(read("""
                    {"traceId":"ab","spanId":"cd","name":"order",
                     "startTimeUnixNano":"1544712660000000000","endTimeUnixNano":"1544712650000000000"}""").problems()).containsExactly("the span 'order' ends before it starts");
        }

        @Test
        void isRefusedWhereASpanHasNoTime() throws IOException {
            assertThat(read("{\"traceId\":\"ab\",\"spanId\":\"cd\",\"name\":\"order\"}")
                            .problems())
                    .containsExactly("the span 'order' has no readable startTimeUnixNano");
        }
    }
}
