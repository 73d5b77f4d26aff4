package dev.understudy.sandbox.control.tester;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonSchemaTest {
    private static Optional<String> violation(String schema, String value) throws Exception {
        return JsonSchema.violation(JsonComparison.parse(schema), JsonComparison.parse(value));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"type\":\"object\",\"required\":[\"n\"],\"properties\":{\"n\":{\"type\":\"integer\"}}} | {\"n\":1.0}",
                "{\"prefixItems\":[{\"const\":1}],\"items\":false} | [1]",
                "{\"$schema\":\"http://json-schema.org/draft-07/schema#\",\"items\":[{\"const\":1}],\"additionalItems\":false} | [1]",
                "{\"$ref\":\"#/$defs/n\",\"$defs\":{\"n\":{\"minimum\":3}}} | 3",
                "{\"pattern\":\"^a+$\"} | \"aaa\"",
                "true | 1",
            })
    void acceptsWhatIsValid(String schema, String value) throws Exception {
        assertThat(violation(schema, value)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"properties\":{\"items\":{\"items\":{\"type\":\"string\"}}}} | {\"items\":[\"a\",2]} | at /items/1: ",
                "{\"type\":\"string\"} | 1 | integer found",
                "{\"required\":[\"name\"]} | {} | name",
                "{\"pattern\":\"^a+$\"} | \"b\" | ^a+$",
                "{\"format\":\"date\"} | \"2026-02-30\" | date",
                "{\"prefixItems\":[{\"const\":1}],\"items\":false} | [1,2] | 1",
            })
    void saysWhereAValueIsNot(String schema, String value, String part) throws Exception {
        assertThat(violation(schema, value).orElseThrow()).contains(part);
    }

    @Nested
    class ASchemaByAStranger {
        @ParameterizedTest
        @ValueSource(strings = {"{\"$ref\":\"%s\"}", "{\"$schema\":\"%s\"}", "{\"allOf\":[{\"$ref\":\"%s#/a\"}]}"})
        void fetchesNothing(String schema) throws Exception {
            var requests = new AtomicInteger();
            var server =
                    HttpServer.create(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0), 0);
            server.createContext("/", exchange -> {
                requests.incrementAndGet();
                exchange.close();
            });
            server.start();
            try {
                String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/schema";
                assertThat(violation(schema.formatted(url), "1").orElseThrow())
                        .startsWith("the schema cannot be used: ");
                assertThat(requests).hasValue(0);
            } finally {
                server.stop(0);
            }
        }

        @ParameterizedTest
        @ValueSource(
                strings = {"file:///etc/passwd", "classpath:/META-INF/MANIFEST.MF", "resource:/META-INF/MANIFEST.MF"})
        void readsNoFile(String url) throws Exception {
            assertThat(violation("{\"$ref\":\"" + url + "\"}", "1").orElseThrow())
                    .startsWith("the schema cannot be used: ");
        }

        @Test
        void cannotHoldTheHostWithAPattern() throws Exception {
            assertThat(violation("{\"pattern\":\"^(a+)+\\\\1?c$\"}", "\"" + "a".repeat(60) + "b\""))
                    .contains("the schema takes too long: its pattern ^(a+)+\\1?c$");
        }

        /** Each definition checks the next one twice: 2^40 checks in 4 KiB. */
        @Test
        void cannotHoldTheHostByDoubling() throws Exception {
            var definitions = new StringBuilder();
            for (int i = 0; i < 40; i++)
                definitions.append("\"d%d\":{\"allOf\":[{\"$ref\":\"#/$defs/d%d\"},{\"$ref\":\"#/$defs/d%d\"}]},"
                        .formatted(i, i + 1, i + 1));
            assertThat(violation("{\"$ref\":\"#/$defs/d0\",\"$defs\":{" + definitions + "\"d40\":true}}", "1")
                            .orElseThrow())
                    .startsWith("the schema takes too long: ");
        }

        @Test
        void cannotHoldTheHostByReferringToItself() throws Exception {
            assertThat(violation("{\"$ref\":\"#\"}", "1")).isPresent();
        }

        @ParameterizedTest
        @ValueSource(strings = {"{\"type\":3}", "{\"pattern\":\"(\"}", "[]", "3"})
        void isNoSchema(String schema) throws Exception {
            assertThat(violation(schema, "\"x\"")).isPresent();
        }
    }
}
