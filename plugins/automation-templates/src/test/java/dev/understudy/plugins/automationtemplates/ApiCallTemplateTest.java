package dev.understudy.plugins.automationtemplates;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.spi.AutomationTemplate.Answer.Draft;
import dev.understudy.spi.AutomationTemplate.Answer.NotMine;
import dev.understudy.spi.AutomationTemplate.Request;
import dev.understudy.spi.ScriptLanguage;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlTable;

class ApiCallTemplateTest {
    static final List<Patterns> CALLS = List.of(
            Patterns.shell(
                            "curl",
                            "-s",
                            "-X",
                            "POST",
                            "-H",
                            "Content-Type: application/json",
                            "-d",
                            "{{\"build\": \"{build}\"}}",
                            "https://ci.example.org/api/jobs/{job}/run")
                    .seen("build", "41", "job", "site")
                    .seen("build", "40", "job", "docs"),
            Patterns.shell("curl", "-fsSL", "https://data.example.org/rates-{day}.csv", "-o", "ROOT/rates-{day}.csv")
                    .seen("day", "2026-11-14")
                    .seen("day", "2026-11-13"),
            Patterns.shell("curl", "-sO", "https://data.example.org/feeds/{name}.xml")
                    .in("ROOT/feeds")
                    .seen("name", "news"),
            Patterns.shell(
                            "curl",
                            "-s",
                            "https://api.example.org/repos/{name}/releases/latest",
                            "|",
                            "jq",
                            "-r",
                            ".assets\\[0].name",
                            ">",
                            "ROOT/{name}.version")
                    .seen("name", "alpha")
                    .seen("name", "beta"),
            Patterns.shell(
                    "curl",
                    "--json",
                    "{{\"text\":\"done\"}}",
                    "--retry",
                    "3",
                    "--max-time",
                    "20",
                    "http://localhost:8080/hook"),
            Patterns.shell("curl", "-u", "bob:<secret>", "-X", "DELETE", "https://api.example.org/items/{id}")
                    .seen("id", "7")
                    .seen("id", "8"),
            Patterns.shell(
                            "curl",
                            "-H",
                            "Authorization: Bearer <secret>",
                            "-d",
                            "a=1",
                            "-d",
                            "b=2",
                            "https://x.example/{p}")
                    .seen("p", "one"),
            Patterns.shell("curl", "-G", "-d", "q={q}", "https://x.example/find", ">", "ROOT/found.json")
                    .seen("q", "cats"),
            Patterns.shell("wget", "-q", "-O", "ROOT/list.txt", "https://x.example/list?page={page}")
                    .seen("page", "1"),
            Patterns.shell("wget", "--post-data=a=b", "-O-", "https://x.example/form"),
            Patterns.task("api_call")
                    .with("url", "https://api.example.org/orders/{id}")
                    .with("method", "PUT")
                    .with("headers", Map.of("X-Trace", "{id}"))
                    .with("json", Map.of("state", "sent", "lines", List.of("a", 2L)))
                    .with("expected_status", 204L)
                    .with("retries", 2L)
                    .seen("id", "100")
                    .seen("id", "101"),
            Patterns.task("http_get")
                    .with("url", "https://api.example.org/weather/{city}")
                    .with("json_pointer", "/main/temperature")
                    .seen("city", "Ulm"));

    private final ApiCallTemplate template = new ApiCallTemplate(GeneratedScriptsTest.CONTEXT);

    private TomlParseResult metadata(Patterns pattern) {
        var answer = template.propose(pattern.build(), new Request(ScriptLanguage.PYTHON));
        assertThat(answer).isInstanceOf(Draft.class);
        return DraftRun.metadata((Draft) answer);
    }

    @Nested
    class ALineOfCurl {
        @Test
        void isGrantedItsHostAndNothingElse() {
            TomlParseResult metadata = metadata(CALLS.getFirst());

            assertThat(metadata.getString("isolation")).isEqualTo("minimal");
            assertThat(metadata.getArrayOrEmpty("grants.hosts").toList()).containsExactly("ci.example.org");
            assertThat(metadata.getArrayOrEmpty("grants.writes").toList()).isEmpty();
            assertThat(metadata.getString("description")).endsWith("A request that was sent is not undone.");
        }

        @Test
        void neverHoldsASecretButAsksForIt() {
            var answer = template.propose(CALLS.get(6).build(), new Request(ScriptLanguage.PYTHON));
            TomlTable secret =
                    Objects.requireNonNull(DraftRun.metadata((Draft) answer).getTable("parameters.secret"));

            assertThat(secret.contains("default")).isFalse();
            assertThat(((Draft) answer).fileText()).doesNotContain("<secret>");
        }

        @Test
        void isTestedWithoutBeingSent() {
            TomlTable response = (TomlTable) metadata(CALLS.getFirst())
                    .getArrayOrEmpty("tests")
                    .getTable(0)
                    .getArrayOrEmpty("responses")
                    .get(0);

            assertThat(response.getString("method")).isEqualTo("POST");
            assertThat(response.getString("url")).isEqualTo("https://ci.example.org/api/jobs/site/run");
            assertThat(response.getLong("status")).isEqualTo(200);
        }

        @Test
        void hasTheTimeThatAllItsAttemptsMayTake() {
            // 4 attempts of 20 s, and between them at most 1, 2 and 4 s.
            assertThat(metadata(CALLS.get(4)).getString("limits.wall")).isEqualTo("87s");
        }

        @Test
        void waitsBetweenAttemptsInPythonWhateverLanguageIsWished() {
            var answer = template.propose(CALLS.get(4).build(), new Request(ScriptLanguage.JAVASCRIPT));

            assertThat(answer).isInstanceOfSatisfying(Draft.class, draft -> {
                assertThat(draft.language()).isEqualTo(ScriptLanguage.PYTHON);
                assertThat(draft.fileText())
                        .contains("# In python, since JavaScript in a cell cannot wait between two attempts.");
            });
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void refusesWhatItCannotDoAsThePersonDid(Patterns pattern, String reason) {
        var answer = template.propose(pattern.build(), new Request(ScriptLanguage.PYTHON));

        assertThat(answer)
                .isInstanceOfSatisfying(
                        NotMine.class, notMine -> assertThat(notMine.reason()).contains(reason));
    }

    static Stream<Arguments> refusesWhatItCannotDoAsThePersonDid() {
        return Stream.of(
                Arguments.of(Patterns.shell("curl", "https://x.example/status"), "only shown looks"),
                Arguments.of(Patterns.shell("curl", "-k", "-d", "a", "https://x.example"), "takes any certificate"),
                Arguments.of(Patterns.shell("curl", "-F", "f=@a.txt", "https://x.example"), "a form with files"),
                Arguments.of(Patterns.shell("curl", "-d", "@a.json", "https://x.example"), "sends what a file holds"),
                Arguments.of(Patterns.shell("curl", "-b", "c.txt", "-d", "a", "https://x.example"), "keeps cookies"),
                Arguments.of(Patterns.shell("curl", "-w", "%x", "-d", "a", "https://x.example"), "figures"),
                Arguments.of(Patterns.shell("curl", "--fancy", "-d", "a", "https://x.example"), "--fancy"),
                Arguments.of(Patterns.shell("curl", "-o", "/a.zip", "https://x.example/a.zip"), ".zip file"),
                Arguments.of(
                        Patterns.shell("curl", "-d", "a", "https://{host}/x")
                                .seen("host", "a")
                                .seen("host", "b"),
                        "host that it speaks to varies"),
                Arguments.of(Patterns.shell("curl", "-d", "a", "ftp://x.example/x"), "neither http nor https"),
                Arguments.of(
                        Patterns.shell("curl", "-d", "a", "https://x.example", "https://y.example"), "more than one"),
                Arguments.of(
                        Patterns.shell("curl", "-u", "bob", "-d", "a", "https://x.example"), "asks for the password"),
                Arguments.of(
                        Patterns.shell("curl", "-s", "https://x.example/a", "|", "jq", "map(.a)", ">", "/a"),
                        "more than to pick one value"),
                Arguments.of(Patterns.shell("wget", "https://x.example/a.txt"), "-O says one name"),
                Arguments.of(Patterns.shell("wget", "-r", "https://x.example/"), "follows links"),
                Arguments.of(
                        Patterns.task("api_call")
                                .with("url", "https://x.example")
                                .with("colour", "red"),
                        "'colour'"));
    }

    /** The example document of RFC 6901, section 5, as far as its keys are plain. */
    @Test
    void makesADocumentInWhichAPointerNamesItsValue() {
        assertThat(ApiRequest.document("", "x")).isEqualTo("\"x\"");
        assertThat(ApiRequest.document("/foo/0", "x")).isEqualTo("{\"foo\":[\"x\"]}");
        assertThat(ApiRequest.document("/a~1b/m~0n", "x")).isEqualTo("{\"a/b\":{\"m~n\":\"x\"}}");
    }
}
