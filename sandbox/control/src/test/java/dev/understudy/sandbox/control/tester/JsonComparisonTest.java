package dev.understudy.sandbox.control.tester;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonComparisonTest {
    @Nested
    class EqualValues {
        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "1|1.0",
                    "1|1e0",
                    "100|1E+2",
                    "0|-0.0",
                    "0.1|0.10",
                    "12345678901234567890|12345678901234567890.0",
                    "{\"a\":1,\"b\":[2]}|{ \"b\": [2.0], \"a\": 1 }",
                    "\"\\u0041\"|\"A\"",
                    "null|null",
                })
        void haveNoDifference(String expected, String actual) throws Exception {
            assertThat(JsonComparison.equal(JsonComparison.parse(expected), JsonComparison.parse(actual)))
                    .isEmpty();
        }
    }

    @Nested
    class DifferentValues {
        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "{\"items\":[1,2,{\"name\":\"a\"}]} | {\"items\":[1,2,{\"name\":\"b\"}]} | at /items/2/name: expected \"a\", was \"b\"",
                    "{\"a\":1} | {} | at /a: expected 1, was missing",
                    "{\"a\":null} | {} | at /a: expected null, was missing",
                    "{} | {\"a\":{\"b\":1}} | at /a: expected nothing, was {\"b\":1}",
                    "[1] | [1,2] | at /1: expected nothing, was 2",
                    "[1,2] | [1] | at /1: expected 2, was missing",
                    "{\"a/b~c\":1} | {\"a/b~c\":2} | at /a~1b~0c: expected 1, was 2",
                    "1 | \"1\" | expected 1, was \"1\"",
                    "true | 1 | expected true, was 1",
                    "0.1 | 0.10000000000000001 | expected 0.1, was 0.10000000000000001",
                    "{} | [] | expected {}, was []",
                })
        void areShownByTheirFirstDifference(String expected, String actual, String difference) throws Exception {
            assertThat(JsonComparison.equal(JsonComparison.parse(expected), JsonComparison.parse(actual)))
                    .contains(difference);
        }

        @Test
        void areShownShortened() throws Exception {
            var difference = JsonComparison.equal(
                    JsonComparison.parse("1"), JsonComparison.parse("\"" + "x".repeat(10_000) + "\""));
            assertThat(difference.orElseThrow())
                    .startsWith("expected 1, was \"xxx")
                    .endsWith("x...")
                    .hasSizeLessThan(250);
        }
    }

    @Nested
    class ASubset {
        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "{}|{\"a\":1}",
                    "{\"a\":{\"b\":1}}|{\"a\":{\"b\":1.0,\"c\":2},\"d\":3}",
                    "[{\"a\":1}]|[{\"a\":1,\"b\":2}]"
                })
        void mayLackMembers(String expected, String actual) throws Exception {
            assertThat(JsonComparison.includes(JsonComparison.parse(expected), JsonComparison.parse(actual)))
                    .isEmpty();
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "{\"a\":1}|{\"b\":1}|at /a: expected 1, was missing",
                    "[1]|[1,2]|at /1: expected nothing, was 2",
                    "{\"a\":{\"b\":1}}|{\"a\":{\"b\":2}}|at /a/b: expected 1, was 2"
                })
        void mayDifferInNothingElse(String expected, String actual, String difference) throws Exception {
            assertThat(JsonComparison.includes(JsonComparison.parse(expected), JsonComparison.parse(actual)))
                    .contains(difference);
        }
    }
}
