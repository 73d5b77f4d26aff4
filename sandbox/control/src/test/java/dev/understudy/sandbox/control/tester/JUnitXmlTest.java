package dev.understudy.sandbox.control.tester;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.sandbox.control.IsolationLevel;
import dev.understudy.sandbox.control.RunOutcome;
import dev.understudy.sandbox.control.RunReport;
import dev.understudy.sandbox.control.Tier;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

class JUnitXmlTest {
    private static final Instant STARTED = Instant.parse("2026-11-21T12:00:00Z");

    private static CaseResult result(String suite, String name, String... problems) {
        var report = new RunReport(
                "run-1",
                new RunOutcome.Succeeded("null"),
                IsolationLevel.FULL,
                Tier.ISOLATED,
                STARTED,
                Duration.ofMillis(1234),
                List.of(),
                List.of(),
                RunReport.Usage.NONE);
        return new CaseResult(suite, name, List.of(problems), report);
    }

    private static Document parse(String xml) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void hasTheSchemaThatCiServersRead() {
        var suite = new SuiteResult("tidy", List.of(result("tidy", "one"), result("tidy", "two", "expected 1, was 2")));
        assertThat(JUnitXml.of(List.of(suite, new SuiteResult("empty", List.of()))))
                .isEqualTo("""
                        <?xml version="1.0" encoding="UTF-8"?>
                        <testsuites>
                          <testsuite name="tidy" tests="2" failures="1" errors="0" skipped="0" time="2.468" timestamp="2026-11-21T12:00:00Z">
                            <testcase name="one" classname="tidy" time="1.234"/>
                            <testcase name="two" classname="tidy" time="1.234">
                              <failure message="expected 1, was 2" type="expectation">expected 1, was 2</failure>
                            </testcase>
                          </testsuite>
                          <testsuite name="empty" tests="0" failures="0" errors="0" skipped="0" time="0.000">
                          </testsuite>
                        </testsuites>
                        """);
    }

    @Test
    void carriesTextAsItIs() throws Exception {
        String text = "a \"b\" <c> & 'd' ]]> \t\r\n \u00e9 \u2028 \ud83d\ude00";
        var document = parse(JUnitXml.of(List.of(new SuiteResult(text, List.of(result(text, text, text))))));
        var failure = (Element) document.getElementsByTagName("failure").item(0);
        assertThat(failure.getAttribute("message")).isEqualTo(text);
        assertThat(failure.getTextContent()).isEqualTo(text);
        assertThat(((Element) failure.getParentNode()).getAttribute("name")).isEqualTo(text);
    }

    @Test
    void showsWhatXmlCannotCarry() throws Exception {
        var document =
                parse(JUnitXml.of(List.of(new SuiteResult("s", List.of(result("s", "\u0000\u001b[2J\ufffe\ud800"))))));
        assertThat(((Element) document.getElementsByTagName("testcase").item(0)).getAttribute("name"))
                .isEqualTo("\\u0000\\u001b[2J\\ufffe\\ud800");
    }

    @Test
    void isValidForAnyText() throws Exception {
        var random = new Random(7);
        for (int i = 0; i < 200; i++) {
            var text = new StringBuilder();
            for (int j = 0; j < 50; j++) text.append((char) random.nextInt(0x10000));
            assertThat(parse(JUnitXml.of(List.of(
                            new SuiteResult(text.toString(), List.of(result("s", text.toString(), text.toString())))))))
                    .isNotNull();
        }
    }
}
