package dev.understudy.sandbox.control.tester;

import dev.understudy.sandbox.control.tester.TestRecord.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** Results in the XML that Ant's JUnit task and Maven's Surefire write and most CI servers read. */
public final class JUnitXml {
    private final StringBuilder xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");

    private JUnitXml() {}

    /** A whole document, to be written in UTF-8. Characters that XML cannot carry are shown as {@code \}{@code u001b}. */
    public static String of(List<SuiteResult> suites) {
        var out = new JUnitXml();
        out.xml.append("<testsuites>\n");
        suites.forEach(out::suite);
        return out.xml.append("</testsuites>\n").toString();
    }

    private void suite(SuiteResult suite) {
        xml.append("  <testsuite");
        attribute("name", suite.suite());
        attribute("tests", Integer.toString(suite.cases().size()));
        attribute("failures", Integer.toString(suite.failed()));
        attribute("errors", "0");
        attribute("skipped", "0");
        attribute("time", seconds(suite.duration()));
        suite.cases().stream()
                .map(CaseResult::started)
                .min(Instant::compareTo)
                .ifPresent(started -> attribute("timestamp", started.toString()));
        xml.append(">\n");
        suite.cases().forEach(this::testCase);
        xml.append("  </testsuite>\n");
    }

    private void testCase(CaseResult result) {
        xml.append("    <testcase");
        attribute("name", result.name());
        attribute("classname", result.suite());
        attribute("time", seconds(result.duration()));
        if (result.verdict() == Verdict.PASSED) {
            xml.append("/>\n");
            return;
        }
        xml.append(">\n      <failure");
        attribute("message", result.message());
        attribute("type", "expectation");
        xml.append(">");
        escape(String.join("\n", result.problems()));
        xml.append("</failure>\n    </testcase>\n");
    }

    private static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.3f", duration.toNanos() / 1e9);
    }

    private void attribute(String name, String value) {
        xml.append(' ').append(name).append("=\"");
        escape(value);
        xml.append('"');
    }

    private void escape(String text) {
        text.codePoints().forEach(c -> {
            switch (c) {
                case '&' -> xml.append("&amp;");
                case '<' -> xml.append("&lt;");
                case '>' -> xml.append("&gt;");
                case '"' -> xml.append("&quot;");
                // As such, parsers would turn them into spaces or line feeds.
                case '\t', '\n', '\r' -> xml.append("&#").append(c).append(';');
                default -> {
                    if (allowed(c)) xml.appendCodePoint(c);
                    else xml.append(String.format("\\u%04x", c));
                }
            }
        });
    }

    /** XML 1.0, production 2, without the three that are handled above. */
    private static boolean allowed(int c) {
        return (c >= 0x20 && c <= 0xd7ff) || (c >= 0xe000 && c <= 0xfffd) || c >= 0x10000;
    }
}
