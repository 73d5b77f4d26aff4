package dev.understudy.core.triggers;

import dev.understudy.core.config.MarkedNode.Mark;
import dev.understudy.core.config.SectionReader;
import dev.understudy.core.problem.Mistake;
import dev.understudy.core.triggers.Trigger.Missed;
import java.nio.file.FileSystems;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads the {@code triggers} and the {@code overlap} of an automation's metadata. */
public final class TriggersSection {
    /** The parameter that receives a changed file where the trigger names none. */
    private static final String FILE_PARAMETER = "file";

    private static final List<String> KINDS = List.of("cron", "path", "task", "webhook");
    private static final Duration MIN_SETTLE = Duration.ofMillis(100);
    private static final Duration MAX_SETTLE = Duration.ofHours(1);

    private final String file;
    private final Map<String, Parameter> parameters;
    private final List<Trigger> triggers = new ArrayList<>();
    private final List<Mistake> unsourced = new ArrayList<>();
    private final Map<String, String> placeByKey = new HashMap<>();
    private int count;

    /**
     * What a trigger must know of a parameter of its automation.
     *
     * @param required whether it has no default
     * @param holdsPath whether a path may be its value
     */
    public record Parameter(String name, boolean required, boolean holdsPath) {}

    private TriggersSection(String file, Collection<Parameter> parameters) {
        this.file = file;
        this.parameters = parameters.stream()
                .collect(Collectors.toMap(Parameter::name, each -> each, (first, _) -> first, LinkedHashMap::new));
    }

    /**
     * Reads both keys; what is wrong with them is noted by the reader.
     *
     * @param file for messages
     * @param root the whole metadata
     */
    public static Triggers read(String file, SectionReader root, Collection<Parameter> parameters) {
        var overlaps = new LinkedHashMap<String, Overlap>();
        for (Overlap overlap : Overlap.values()) overlaps.put(overlap.id(), overlap);
        var section = new TriggersSection(file, parameters);
        root.sections("triggers").forEach(section::read);
        return new Triggers(section.triggers, root.choice("overlap", Overlap.QUEUE, overlaps), section.unsourced);
    }

    private void read(SectionReader section) {
        List<String> found = KINDS.stream().filter(section::has).toList();
        Trigger trigger = found.size() == 1 ? read(section, found.getFirst()) : null;
        if (found.size() != 1) {
            // Each is known here, so that only their number is reported.
            KINDS.forEach(section::plain);
            section.mistake(
                    "",
                    "has " + (found.isEmpty() ? "none" : found.size()) + " of " + String.join(", ", KINDS),
                    "but must have exactly one");
        } else {
            section.finish();
        }
        String place = "triggers[" + count++ + "]";
        if (trigger == null) return;
        String first = placeByKey.putIfAbsent(trigger.key(), place);
        if (first != null) section.mistake(found.getFirst(), "says the same as " + first, "but must be there once");
        triggers.add(trigger);
    }

    private @Nullable Trigger read(SectionReader section, String kind) {
        return switch (kind) {
            case "cron" -> readCron(section);
            case "path" -> readPath(section);
            case "task" -> readTask(section);
            default -> readWebhook(section);
        };
    }

    private @Nullable Trigger readCron(SectionReader section) {
        String text = section.text("cron", "", "a text like '0 9 * * MON-FRI'", value -> !value.isBlank());
        ZoneId zone = zone(section);
        Missed missed = missed(section);
        needSources(section, "cron", Set.of());
        if (text.isEmpty()) return null;
        try {
            return new Trigger.Cron(CronExpression.parse(text), Optional.ofNullable(zone), missed);
        } catch (CronMistake mistake) {
            section.mistake("cron", mistake.found(), mistake.allowed());
            return null;
        }
    }

    private static @Nullable ZoneId zone(SectionReader section) {
        String id = section.text("tz", "", "a time zone like 'Europe/Berlin' or 'UTC'", TriggersSection::isZone);
        return id.isEmpty() ? null : ZoneId.of(id);
    }

    private static boolean isZone(String id) {
        try {
            ZoneId.of(id);
            return true;
        } catch (DateTimeException _) {
            return false;
        }
    }

    private static Missed missed(SectionReader section) {
        var choices = new LinkedHashMap<String, Missed>();
        for (Missed missed : Missed.values()) choices.put(missed.id(), missed);
        return section.choice("missed", Missed.SKIP, choices);
    }

    private @Nullable Trigger readPath(SectionReader section) {
        String path = section.text(
                "path",
                "",
                "an absolute path or one that starts with ~/",
                text -> text.equals("~") || text.startsWith("~/") || (text.startsWith("/") && text.indexOf('\0') < 0));
        String pattern = section.text("pattern", "*", "a glob for file names, like '*.csv'", TriggersSection::isGlob);
        Duration settle = section.duration(
                "settle",
                Duration.ofSeconds(2),
                time -> time.compareTo(MIN_SETTLE) >= 0 && time.compareTo(MAX_SETTLE) <= 0,
                "from 100ms to 1h");
        Missed missed = missed(section);
        Optional<String> parameter = fileParameter(section);
        needSources(section, "path", parameter.map(Set::of).orElse(Set.of()));
        return path.isEmpty() ? null : new Trigger.FileChange(path, pattern, settle, parameter, missed);
    }

    private Optional<String> fileParameter(SectionReader section) {
        String name = section.text("parameter", "", "a parameter's name", text -> !text.isBlank());
        if (name.isEmpty()) {
            Parameter usual = parameters.get(FILE_PARAMETER);
            return usual != null && usual.holdsPath() ? Optional.of(FILE_PARAMETER) : Optional.empty();
        }
        Parameter parameter = parameters.get(name);
        if (parameter == null) section.mistake("parameter", "is '" + name + "'", "but no parameter has this name");
        else if (!parameter.holdsPath())
            section.mistake("parameter", "is '" + name + "'", "but must be a parameter of the type path or string");
        return Optional.of(name);
    }

    private static boolean isGlob(String glob) {
        if (glob.isBlank() || glob.contains("/")) return false;
        try {
            FileSystems.getDefault().getPathMatcher("glob:" + glob);
            return true;
        } catch (PatternSyntaxException _) {
            return false;
        }
    }

    private @Nullable Trigger readTask(SectionReader section) {
        String type = section.text("task", "", "the type of a task, like 'cp'", text -> !text.isBlank());
        var where = new LinkedHashMap<String, String>();
        SectionReader wanted = section.section("where");
        wanted.plainEntries().forEach((name, value) -> {
            if (value instanceof List || value instanceof Map)
                wanted.mistake(name, "is no single value", "but must be a text, a number, true or false");
            else where.put(name, value.toString());
        });
        var bound = new TreeSet<String>();
        where.forEach((name, text) -> {
            for (String placeholder : TaskMatch.placeholders(text)) {
                bound.add(placeholder);
                if (!parameters.containsKey(placeholder))
                    wanted.mistake(name, "has the placeholder {" + placeholder + "}", "but no parameter has this name");
            }
        });
        needSources(section, "task", bound);
        return type.isEmpty() ? null : new Trigger.TaskRecorded(type, where);
    }

    private static @Nullable Trigger readWebhook(SectionReader section) {
        if (section.flag("webhook", true)) return new Trigger.Webhook();
        section.mistake("webhook", "is false", "but must be true, or be left out");
        return null;
    }

    /** Notes that a parameter without a default gets no value from this trigger. */
    private void needSources(SectionReader section, String kind, Set<String> given) {
        var missing = new HashSet<>(given);
        for (Parameter parameter : parameters.values()) {
            if (!parameter.required() || missing.contains(parameter.name())) continue;
            Mark mark = section.mark(kind);
            unsourced.add(new Mistake(
                    file,
                    mark.line(),
                    mark.column(),
                    "parameters." + parameter.name(),
                    "gets no value from this " + kind + " trigger",
                    "but has no default: give it one, or have the trigger pass it"));
        }
    }
}
