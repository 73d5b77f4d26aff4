package dev.understudy.plugins.tasksources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.spi.Task;
import dev.understudy.spi.TaskSource;
import dev.understudy.spi.TaskSource.Input;
import dev.understudy.spi.TaskSource.Probe;
import dev.understudy.spi.TaskSource.RefusedException;
import dev.understudy.spi.TaskSource.TaskSink;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Event logs as XES and CSV. */
class EventLogSourceTest {
    private static final Map<String, String> COLUMNS = Map.of("case", "case", "activity", "event", "timestamp", "when");

    private final List<Task> tasks = new ArrayList<>();
    private final List<String> skipped = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    private void read(TaskSource source, String text, Map<String, String> options) throws IOException {
        read(source, text.getBytes(StandardCharsets.UTF_8), options);
    }

    private void read(TaskSource source, byte[] text, Map<String, String> options) throws IOException {
        var stream = new ByteArrayInputStream(text);
        source.read(new Input(Path.of("/log"), stream, Instant.EPOCH, Path.of("/"), options), new TaskSink() {
            @Override
            public void accept(Task task) {
                tasks.add(task);
            }

            @Override
            public void skip(long line, String reason) {
                skipped.add(line + ": " + reason);
            }

            @Override
            public void note(String text) {
                notes.add(text);
            }
        });
    }

    @Nested
    class Csv {
        private void readCsv(String text) throws IOException {
            read(new CsvSource(), text, COLUMNS);
        }

        @Test
        void makesATaskOfEachRecordWithoutItsCase() throws IOException {
            readCsv("""
                    case,event,when,field
                    1,click,2026-11-16T09:00:00Z,"Name, ""first""\"
                    2,paste,2026-11-16T09:00:01Z,
                    """);
            assertThat(tasks).extracting(Task::type).containsExactly("click", "paste");
            assertThat(tasks)
                    .extracting(Task::parameters)
                    .containsExactly(Map.of("field", "Name, \"first\""), Map.of());
            assertThat(tasks.getFirst().timestamp()).isEqualTo("2026-11-16T09:00:00Z");
            assertThat(notes).singleElement().asString().contains("--keep-case");
        }

        @Test
        void keepsTheCaseIfAsked() throws IOException {
            read(
                    new CsvSource(),
                    "case;event;when\n7;click;1763283600\n",
                    Map.of("case", "case", "activity", "event", "timestamp", "when", "keep-case", "true"));
            assertThat(tasks.getFirst().parameters()).isEqualTo(Map.of("case", "7"));
            assertThat(tasks.getFirst().timestamp()).isEqualTo("2025-11-16T09:00:00Z");
        }

        @Test
        void givesTheSameEventTwiceTwoIdsAndTheSameOnesAgain() throws IOException {
            String text = "case,event,when\n" + "1,click,2026-11-16T09:00:00Z\n".repeat(2);
            readCsv(text);
            List<String> ids = tasks.stream().map(Task::id).toList();
            assertThat(ids).doesNotHaveDuplicates();
            tasks.clear();
            readCsv(text);
            assertThat(tasks).extracting(Task::id).isEqualTo(ids);
        }

        @Test
        void skipsWhatIsBrokenAndSaysWhere() throws IOException {
            readCsv("""
                    case,event,when
                    1,click,2026-11-16T09:00:00Z
                    1,click,
                    1,click,yesterday
                    1,click
                    1,,2026-11-16T09:00:00Z
                    """);
            assertThat(tasks).hasSize(1);
            assertThat(skipped)
                    .containsExactly(
                            "3: 'when' is empty: it does not say when",
                            "4: 'when' is no ISO 8601 time such as 2026-11-16T09:00:00Z",
                            "5: it has 2 fields where the header has 3",
                            "6: 'event' is empty: it does not say what was done");
        }

        @Test
        void refusesAColumnThatIsNotThereAndNamesThoseThatAre() {
            assertThatThrownBy(() -> readCsv("a,event,when\n1,2,3\n"))
                    .isInstanceOfSatisfying(RefusedException.class, refused -> {
                        assertThat(refused.refusal().reason()).isEqualTo("it has no column 'case' (--case)");
                        assertThat(refused.refusal().mend()).isEqualTo("There are a, event, when");
                    });
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "never"})
        void refusesALogWithoutAnyTime(String when) {
            assertThatThrownBy(() -> readCsv("case,event,when\n1,click," + when + "\n1,click," + when + "\n"))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("'when'");
        }

        @Test
        void refusesAQuoteThatIsNeverClosed() {
            assertThatThrownBy(() -> readCsv("case,event,when\n1,\"click,2026-11-16T09:00:00Z\n"))
                    .isInstanceOf(RefusedException.class)
                    .hasMessage("a quote that opens in the record on line 2 is never closed");
        }

        @Test
        void asksWhichColumnIsWhatWhereNothingIsSaid() {
            var probe = new Probe("log.csv", "case,event,when\n1,2,3\n");
            assertThat(new CsvSource().refusal(probe))
                    .hasValueSatisfying(refusal -> assertThat(refusal.mend())
                            .contains("--format csv --activity COLUMN")
                            .contains("case, event, when"));
            assertThat(new CsvSource().refusal(new Probe("history", "ls a, b\n")))
                    .isEmpty();
        }
    }

    @Nested
    class Xes {
        private static final String LOG = """
                <?xml version="1.0" encoding="UTF-8"?>
                <log xes.version="1.0" xmlns="http://www.xes-standard.org/">
                  <extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
                  <global scope="event"><string key="concept:name" value="UNKNOWN"/></global>
                  <string key="source" value="recorder"/>
                  <trace>
                    <string key="concept:name" value="case 1"/>
                    <event>
                      <string key="concept:name" value="click"/>
                      <date key="time:timestamp" value="2026-11-16T10:00:00.000+01:00"/>
                      <string key="button" value="OK &amp; close"><string key="deeper" value="no"/></string>
                    </event>
                    <event>
                      <string key="concept:name" value="paste"/>
                      <date key="time:timestamp" value="2026-11-16T10:00:01.000+01:00"/>
                    </event>
                  </trace>
                </log>
                """;

        private void readXes(String text) throws IOException {
            read(new XesSource(), text, Map.of());
        }

        @Test
        void makesATaskOfEachEventWithoutItsCase() throws IOException {
            readXes(LOG);
            assertThat(tasks).extracting(Task::type).containsExactly("click", "paste");
            assertThat(tasks.getFirst().parameters()).isEqualTo(Map.of("button", "OK & close"));
            assertThat(tasks.getFirst().timestamp()).isEqualTo("2026-11-16T09:00:00Z");
            assertThat(skipped).isEmpty();
        }

        @Test
        void keepsTheCaseIfAskedAndTakesOtherKeys() throws IOException {
            read(new XesSource(), LOG, Map.of("case", "concept:name", "activity", "button", "keep-case", "true"));
            assertThat(tasks).extracting(Task::type).containsExactly("OK & close");
            assertThat(tasks.getFirst().parameters())
                    .isEqualTo(Map.of("concept:name", "click", "case:concept:name", "case 1"));
        }

        @Test
        void isSureOfItself() {
            assertThat(new XesSource().confidence(new Probe("a.xes", LOG))).isEqualTo(1);
            assertThat(new XesSource().confidence(new Probe("a.html", "<html><body>")))
                    .isZero();
        }

        @Test
        void refusesADocumentTypeDefinitionAndReadsNoOtherFile(@TempDir Path folder) throws IOException {
            Path secret = Files.writeString(folder.resolve("secret"), "do not tell");
            String doctype = "<!DOCTYPE log [<!ENTITY x SYSTEM \"" + secret.toUri() + "\">]>\n";
            String log = LOG.replaceFirst("<log", doctype + "<log").replace("OK &amp; close", "&x;");
            assertThatThrownBy(() -> readXes(log))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("document type definition");
            assertThat(tasks).isEmpty();
        }

        @Test
        void refusesABombOfEntities() {
            String bomb = "<!DOCTYPE log [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">]>\n";
            assertThatThrownBy(() -> readXes(LOG.replaceFirst("<log", bomb + "<log")))
                    .isInstanceOf(RefusedException.class);
        }

        @Test
        void refusesWhatIsNotWellFormedInOneLineThatSaysWhere() {
            assertThatThrownBy(() -> readXes(LOG.substring(0, LOG.indexOf("</event>"))))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageMatching("it is no well-formed XML \\(line \\d+\\)");
        }

        @Test
        void refusesWhatIsNotInTheEncodingThatItNames() {
            byte[] latin = LOG.replace("OK &amp; close", "sch\u00f6n").getBytes(StandardCharsets.ISO_8859_1);
            assertThatThrownBy(() -> read(new XesSource(), latin, Map.of()))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("not in the encoding that its first line names");
        }

        @Test
        void refusesAnotherKindOfDocument() {
            assertThatThrownBy(() -> readXes("<pnml/>"))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("its root is <pnml>");
        }

        @Test
        void refusesAKeyThatNoEventHas() {
            assertThatThrownBy(() -> read(new XesSource(), LOG, Map.of("activity", "what")))
                    .isInstanceOf(RefusedException.class)
                    .hasMessage("no event has 'what'");
        }
    }
}
