package dev.understudy.sandbox.cell;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.ZoneId;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.Source;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The engine's own answers are in findings/graaljs-dates-without-time-are-utc.sh; what is right here is what Node says. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LocalDatesTest {
    private final Context context = Context.newBuilder("js")
            .timeZone(ZoneId.of("America/New_York"))
            .option("engine.WarnInterpreterOnly", "false")
            .build();

    @BeforeAll
    void asInACell() {
        Source dates = GuestContext.resource(Language.JAVASCRIPT, "dates.js");
        context.eval(dates).executeVoid();
    }

    @AfterAll
    void close() {
        context.close();
    }

    private String evaluate(String script) {
        return context.eval("js", script).asString();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "6/30/2024",
                "2024/06/30",
                "2024-6-30",
                "06-30-2024",
                " 2024-06-30",
                "30 Jun 2024",
                "30-Jun-2024",
                "Sunday, June 30, 2024",
                "Sun Jun 30 2024",
                "Jun 30 2024 (due)"
            })
    void aDateWithoutATimeIsALocalOne(String text) {
        assertThat(evaluate("new Date('" + text + "').toISOString()")).isEqualTo("2024-06-30T04:00:00.000Z");
        assertThat(evaluate("new Date(Date.parse('" + text + "')).toISOString()"))
                .isEqualTo("2024-06-30T04:00:00.000Z");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "2024 | 2024-01-01T00:00:00.000Z",
                "2024-06 | 2024-06-01T00:00:00.000Z",
                "2024-06-30 | 2024-06-30T00:00:00.000Z",
                "+002024-06-30 | 2024-06-30T00:00:00.000Z",
                "2024-06-30Z | 2024-06-30T00:00:00.000Z",
                "30 Jun 2024 GMT | 2024-06-30T00:00:00.000Z",
                "30 Jun 2024 Z | 2024-06-30T00:00:00.000Z",
                "Jun 30 2024 EST | 2024-06-30T05:00:00.000Z",
                "Jun 30 2024 GMT+2 | 2024-06-29T22:00:00.000Z",
                "Jun 30 2024 10:00 | 2024-06-30T14:00:00.000Z",
                "2024-06-30T10:00 | 2024-06-30T14:00:00.000Z",
                "3/10/2024 | 2024-03-10T05:00:00.000Z",
                "11/3/2024 | 2024-11-03T04:00:00.000Z",
                "12/31/1969 | 1969-12-31T05:00:00.000Z",
            })
    void otherDatesAreWhatTheyWere(String text, String moment) {
        assertThat(evaluate("new Date('" + text + "').toISOString()")).isEqualTo(moment);
    }

    @Test
    void aDateIsCutOutOfAMomentThroughItsText() {
        assertThat(evaluate("new Date(new Date(2024, 5, 30, 23, 45).toDateString()).toString()"))
                .startsWith("Sun Jun 30 2024 00:00:00");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "new Date(0) instanceof Date",
                "new Date(0).constructor === Date",
                "new Date(new Date(5)).getTime() === 5",
                "Number.isNaN(new Date('no date').getTime())",
                "Number.isNaN(new Date(undefined).getTime())",
                "new Date(2024, 0).getMonth() === 0",
                "typeof Date() === 'string'",
                "Date.UTC(1970) === 0",
                "Date.now() > 0",
                "Date.name === 'Date' && Date.length === 7",
                "new (class Day extends Date { tens() { return this.getDate() / 10; } })('6/30/2024').tens() === 3",
                "Object.keys(Date).length === 0 && !Object.keys(globalThis).includes('Date')",
            })
    void dateIsAsItWasInAllElse(String holds) {
        assertThat(context.eval("js", holds).asBoolean()).as(holds).isTrue();
    }
}
