package dev.understudy.sandbox.control.conformance;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.understudy.sandbox.control.IsolationLevel;
import dev.understudy.sandbox.control.tester.LimitName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What the matrix showed, as JSON and as the page of the documentation that is made of it. */
final class ConformancePage {
    static final Path PAGE = Path.of("CONFORMANCE.md");
    static final String REGENERATE =
            "mvn -pl sandbox/control -am package -Dtest=LimitConformanceTest -Dsurefire.failIfNoSpecifiedTests=false"
                    + " -Dconformance.write=true";

    private final List<Row> rows = new ArrayList<>();

    /** What became of the attacks on one limit, in one runtime, at one level. */
    record Row(LimitName limit, GuestRuntime runtime, IsolationLevel level, List<Shown> shown) {}

    /** What became of one attack: {@code meets} in words. */
    record Shown(String attack, String meets) {}

    void add(Row row) {
        rows.removeIf(
                old -> old.limit() == row.limit() && old.runtime() == row.runtime() && old.level() == row.level());
        rows.add(row);
    }

    int size() {
        return rows.size();
    }

    void writeJson(Path file) throws IOException {
        var json = JsonMapper.builder()
                .enable(SerializationFeature.INDENT_OUTPUT)
                .build()
                .createArrayNode();
        for (Row row : rows) {
            var object = json.addObject()
                    .put("limit", row.limit().id())
                    .put("runtime", row.runtime().title)
                    .put("level", row.level().id());
            var attacks = object.putArray("attacks");
            for (Shown shown : row.shown())
                attacks.addObject().put("by", shown.attack()).put("meets", shown.meets());
        }
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.writeString(file, json.toPrettyString());
    }

    String markdown() {
        var page = new StringBuilder("""
                # What each limit does in each language

                Made from a run of `LimitConformanceTest`, which fails where this page and the run differ. Each cell of a table is one
                test, named by limit, language and level. It runs a script that tries to use more, by each means that is listed at
                `full` and by the first of them at the other levels, and sees that the outcome names the limit, what it allows and
                what was used; that no process and no file of the run is left; and that the next run of the language is unharmed.

                To make it anew: `%s`

                "exceeded" is the outcome `limit_exceeded` (exit code 3) with `limit.name` as in the heading. "refused" is the outcome
                `failed` with the error "not allowed at isolation ...": a script in a cell starts no process and no thread of its own, at no
                level. "error" is an error of the language itself, which comes before the limit is reached. "no effect" means that the
                language has nothing that the limit counts.
                """.formatted(REGENERATE));
        for (LimitName limit : LimitName.values()) {
            page.append("\n## `").append(limit.id()).append("`\n");
            page.append("| language | full | partial | minimal | tried by |\n|---|---|---|---|---|\n");
            for (GuestRuntime runtime : GuestRuntime.values()) {
                page.append("| ").append(runtime.title);
                for (IsolationLevel level : IsolationLevel.values())
                    page.append(" | ").append(cell(limit, runtime, level));
                page.append(" | ").append(means(limit, runtime)).append(" |\n");
            }
        }
        return page.toString();
    }

    private String cell(LimitName limit, GuestRuntime runtime, IsolationLevel level) {
        return shown(limit, runtime, level).stream()
                .map(Shown::meets)
                .findFirst()
                .orElse("not run");
    }

    /** The means, with what each met where that is not what the first met. */
    private String means(LimitName limit, GuestRuntime runtime) {
        List<Shown> shown = shown(limit, runtime, IsolationLevel.FULL);
        return shown.stream()
                .map(each -> each.meets().equals(shown.getFirst().meets())
                        ? each.attack()
                        : each.attack() + " (" + each.meets() + ")")
                .collect(Collectors.joining("; "));
    }

    private List<Shown> shown(LimitName limit, GuestRuntime runtime, IsolationLevel level) {
        return rows.stream()
                .filter(row -> row.limit() == limit && row.runtime() == runtime && row.level() == level)
                .findFirst()
                .map(Row::shown)
                .orElse(List.of());
    }

    static String committed() {
        try {
            return Files.exists(PAGE) ? Files.readString(PAGE) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
