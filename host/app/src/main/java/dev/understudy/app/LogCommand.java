package dev.understudy.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.app.shape.HostShape;
import dev.understudy.core.Understudy;
import dev.understudy.core.audit.AuditEntry;
import dev.understudy.core.audit.AuditLog;
import dev.understudy.core.audit.Verification;
import dev.understudy.core.problem.UserException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "log",
        description = {
            "Show what was run, approved, granted, changed and undone, newest first.",
            "Each entry holds the hash of the one before; --verify finds the first that is not as it was written.",
            "It cannot tell if somebody wrote both the store and the file audit.head anew. Against that, keep the newest"
                    + " hash elsewhere now and then and pass it to --noted."
        })
final class LogCommand implements Callable<Integer> {
    private static final Pattern NOTED = Pattern.compile("(\\d{1,18}):([0-9a-f]{64})");

    @ParentCommand
    RootCommand root;

    @Option(names = "--automation", paramLabel = "ID", description = "Only what concerns this automation.")
    @Nullable
    String automation;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "20",
            description = "How many at most (default: ${DEFAULT-VALUE}).")
    int limit;

    @Option(
            names = "--verify",
            description = "Go through all entries instead, and say whether all are as they were written.")
    boolean verify;

    @Option(
            names = "--noted",
            paramLabel = "NUMBER:HASH",
            description = "With --verify: an entry that you noted elsewhere; may be given several times.")
    List<String> noted = List.of();

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    @Override
    public Integer call() {
        Map<Long, String> keptElsewhere = noted();
        try (Understudy understudy = root.open()) {
            AuditLog audit = understudy.automations().audit();
            if (verify) return show(audit.verify(keptElsewhere));
            show(audit.newest(Optional.ofNullable(automation), Math.max(0, limit)));
        }
        return ExitCode.DONE;
    }

    private Map<Long, String> noted() {
        var marks = new LinkedHashMap<Long, String>();
        for (String each : noted) {
            Matcher matcher = NOTED.matcher(each);
            if (!matcher.matches())
                throw UserException.badInput(
                        "The log was not verified",
                        "--noted is '" + each + "', which is no number and hash",
                        "Write it as 'log --verify' prints it, like 12:" + "0a".repeat(4) + "…");
            marks.put(Long.parseLong(matcher.group(1)), matcher.group(2));
        }
        return marks;
    }

    private int show(Verification verification) {
        Console console = root.console();
        Optional<Verification.Problem> problem = verification.problem();
        if (json) {
            ObjectNode object = JsonNodeFactory.instance.objectNode();
            object.put("intact", verification.isIntact());
            object.put("entries", verification.entries());
            object.put("newestHash", verification.newestHash());
            if (problem.isEmpty()) object.putNull("problem");
            else
                object.putObject("problem")
                        .put("entry", problem.get().entry())
                        .put("kind", problem.get().kind().name().toLowerCase(Locale.ROOT))
                        .put("what", problem.get().what());
            var remarks = object.putArray("remarks");
            verification.remarks().forEach(remarks::add);
            Json.print(console, object);
        } else {
            if (problem.isEmpty()) {
                console.out()
                        .println(Style.GREEN.of(console, "intact") + "  " + verification.entries()
                                + " entries, each as it was written. To note elsewhere: " + verification.entries() + ":"
                                + verification.newestHash());
            }
            for (String remark : verification.remarks()) console.out().println("But " + remark + ".");
        }
        problem.ifPresent(found -> console.err()
                .println("understudy: "
                        + switch (found.kind()) {
                            case TAMPERED ->
                                "The audit log was tampered with: " + found.what()
                                        + ". Keep a copy of the data home, and trust no entry from there on.";
                            case ENDS_EARLY ->
                                "The audit log lacks its end: " + found.what()
                                        + ". A store that was replaced by an older one or lost its write-ahead log ends so, and one from which"
                                        + " somebody took the newest entries. Those that are there are as they were written.";
                        }));
        return verification.isIntact() ? ExitCode.DONE : ExitCode.FAILED;
    }

    private void show(List<AuditEntry> entries) {
        Console console = root.console();
        if (json) {
            var object = JsonNodeFactory.instance.objectNode();
            var array = object.putArray("entries");
            entries.forEach(entry -> array.add(HostShape.json(entry)));
            Json.print(console, object);
            return;
        }
        if (entries.isEmpty()) {
            console.out().println("Nothing is in the log yet.");
            return;
        }
        var table = new Table(
                Table.Column.right("entry"),
                Table.Column.left("when"),
                Table.Column.left("what"),
                Table.Column.left("automation"),
                Table.Column.wrapped(""));
        for (AuditEntry entry : entries)
            table.row(
                    new Table.Cell("" + entry.number(), Style.DIM),
                    VersionsView.time(entry.at()),
                    new Table.Cell(entry.kind().replace('_', ' '), Style.BOLD),
                    entry.automation(),
                    details(entry.details()));
        table.print(console, "");
    }

    /** What a person reads first; the others follow in the order of the entry. */
    private static final List<String> FIRST = List.of("run", "version", "from", "to", "outcome", "error", "reason");

    /** Said by the hash, by other fields, or of interest to programs only. */
    private static final List<String> LEFT_OUT = List.of("sha256", "changes", "isolation", "tier");

    /** The details in one line; changed files are counted. */
    private static String details(JsonNode details) {
        var line = new StringJoiner(", ");
        for (String name : FIRST) if (details.has(name)) line.add(words(name, details.get(name)));
        for (Map.Entry<String, JsonNode> field : details.properties()) {
            JsonNode value = field.getValue();
            boolean empty = value.isContainerNode() && value.isEmpty();
            if (!empty && !FIRST.contains(field.getKey()) && !LEFT_OUT.contains(field.getKey()))
                line.add(words(field.getKey(), value));
        }
        return line.toString();
    }

    private static String words(String name, JsonNode value) {
        return switch (name) {
            case "outcome", "error", "reason" -> value.asText();
            case "durationMillis" -> "took " + Quantities.duration(Duration.ofMillis(value.asLong()));
            case "changed" -> value.asInt() == 1 ? "1 file changed" : value.asInt() + " files changed";
            case "parameters" -> parameters(value);
            default -> name + " " + (value.isArray() ? listed(value) : value.isValueNode() ? value.asText() : value);
        };
    }

    private static String parameters(JsonNode values) {
        var line = new StringJoiner(" ");
        values.properties()
                .forEach(value -> line.add(value.getKey() + "="
                        + (value.getValue().isValueNode() ? value.getValue().asText() : value.getValue())));
        return line.toString();
    }

    private static String listed(JsonNode values) {
        var line = new StringJoiner(" ");
        values.forEach(value -> line.add(Console.shortened(value.asText())));
        return line.toString();
    }
}
