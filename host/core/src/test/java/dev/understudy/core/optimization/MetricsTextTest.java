package dev.understudy.core.optimization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.within;

import dev.understudy.core.profile.MetricExpression;
import java.io.IOException;
import java.time.Duration;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** After the examples of "Exposition formats" (prometheus.io). */
class MetricsTextTest {
    private static final String BEFORE = """
            # HELP http_requests_total The total number of HTTP requests.
            # TYPE http_requests_total counter
            http_requests_total{method="post",code="200"} 1027 1395066363000
            http_requests_total{method="post",code="400"}    3 1395066363000
            # Escaping in label values:
            msdos_file_access_time_seconds{path="C:\\\\DIR\\\\FILE.TXT",error="Cannot find file:\\n\\"FILE.TXT\\""} 1.458255915e9
            # Minimalistic line:
            metric_without_timestamp_and_labels 12.47
            something_weird{problem="division by zero"} +Inf -3982045
            # TYPE queue gauge
            queue{name="a {b}"} 40
            # TYPE rpc_duration_seconds summary
            rpc_duration_seconds{quantile="0.5"} 4773
            rpc_duration_seconds_sum 100
            rpc_duration_seconds_count 2000
            # TYPE jobs counter
            jobs_total 5
            """;
    private static final String AFTER = """
            # TYPE http_requests_total counter
            http_requests_total{code="200",method="post"} 1227
            http_requests_total{method="post",code="400"} 13
            http_requests_total{method="get",code="200"} 50
            metric_without_timestamp_and_labels 13.5
            queue{name="a {b}"} 30
            # TYPE queue gauge
            # TYPE rpc_duration_seconds summary
            rpc_duration_seconds{quantile="0.5"} 4774
            rpc_duration_seconds_sum 130
            rpc_duration_seconds_count 2060
            # TYPE jobs counter
            jobs_total 5
            disk_free{path="C:\\\\new"} 7
            """;

    private static OptionalDouble figure(String expression, String before, String after) throws IOException {
        return MetricsText.parse(after)
                .figure(
                        MetricExpression.parse(expression).orElseThrow(),
                        MetricsText.parse(before),
                        Duration.ofSeconds(10));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    http_requests_total                               | 26
                    http_requests_total{code="200"}                   | 25
                    http_requests_total{code=~"2..",method!="get"}    | 20
                    http_requests_total{code!~"2.*", }                | 1
                    http_requests_total{nosuch=""}                    | 26
                    metric_without_timestamp_and_labels               | 13.5
                    queue                                             | 30
                    queue{name="a {b}"}                               | 30
                    rpc_duration_seconds{quantile="0.5"}              | 4774
                    rpc_duration_seconds_sum / rpc_duration_seconds_count | 0.5
                    http_requests_total{code="400"}/http_requests_total | 0.03846
                    jobs_total                                        | 0
                    disk_free{path="C:\\\\new"}                       | 7
                    """)
    void countersCountForHowFastTheyRiseAndOthersForWhatTheyAre(String expression, double figure) throws IOException {
        assertThat(figure(expression, BEFORE, AFTER).orElseThrow()).isCloseTo(figure, within(1e-5));
    }

    @Test
    void hasNoFigureWhereItWouldBeDividedByNothing() throws IOException {
        assertThat(figure("queue / jobs_total", BEFORE, AFTER)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    http_requests_total{code="503"} | there is no series http_requests_total{code="503"}
                    absent                          | there is no series absent
                    """)
    void saysWhatIsMissing(String expression, String why) {
        assertThatIOException()
                .isThrownBy(() -> figure(expression, BEFORE, AFTER))
                .withMessage(why);
    }

    @Test
    void doesNotTakeARestartForAFigure() {
        assertThatIOException()
                .isThrownBy(() -> figure("jobs_total", AFTER, "jobs_total 1\n"))
                .withMessage("jobs_total began anew: the program behind it was started again");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a b",
                "a{",
                "a{b}",
                "a{b=c}",
                "a{b=\"c\"",
                "a{b=~\"(\"}",
                "a / b / c",
                "rate(a)",
                "a * b",
                "1"
            })
    void refusesWhatIsNoExpression(String text) {
        assertThat(MetricExpression.parse(text)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a{b=\"c\",d=~\"e|f\"} / g", "a{b!=\"x\\\"y\"}"})
    void isWrittenAsItIsRead(String text) {
        assertThat(MetricExpression.parse(text).orElseThrow()).hasToString(text);
    }
}
