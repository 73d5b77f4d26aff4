package dev.understudy.core.automation;

import dev.understudy.core.config.Config;
import dev.understudy.core.problem.UserException;
import dev.understudy.core.workflow.Step;
import dev.understudy.sandbox.control.Limits;
import dev.understudy.spi.performance.Recommendation.Change;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Writes advice into an automation's metadata: steps side by side, retries, and for a script without steps its limits.
 *
 * <p>The text is read again afterwards, and counts only if it says exactly what was to be changed and nothing else, so that
 * metadata in a form that is not foreseen here is left to a person.
 */
final class AdvisedScript {
    private static final int MIB = 1 << 20;
    private static final long MIN_MEMORY_BYTES = 16L * MIB;
    private static final Duration LONGEST = Duration.ofHours(24);
    private static final Pattern STEPS = Pattern.compile("\\[\\[\\s*steps\\s*]]");
    private static final Pattern LIMITS = Pattern.compile("\\[\\s*limits\\s*]");

    private final AutomationFile file;
    private final String mark;
    private final List<String> lines;
    private final List<String> said = new ArrayList<>();
    private List<Step> steps;
    private Limits limits;

    private AdvisedScript(AutomationFile file) {
        this.file = file;
        mark = file.language().lineComment();
        lines = new ArrayList<>(Arrays.asList(file.text().split("\n", -1)));
        steps = file.steps();
        limits = file.limits();
    }

    /**
     * A script that was changed.
     *
     * @param changes what is other in it, one line each for people
     */
    record Edited(String text, List<String> changes) {}

    /** The script with all changes made; empty if one of them cannot be. */
    static Optional<Edited> of(AutomationFile file, List<Change> changes, Config.Sandbox sandbox) {
        var script = new AdvisedScript(file);
        for (Change each : changes) if (!script.make(each)) return Optional.empty();
        String text = String.join("\n", script.lines);
        if (text.equals(file.text())) return Optional.empty();
        try {
            AutomationFile edited = AutomationFile.parse(file.file(), text, sandbox);
            boolean asMeant = edited.steps().equals(script.steps)
                    && edited.limits().equals(script.limits)
                    && edited.cases().equals(file.cases())
                    && edited.id().equals(file.id());
            return asMeant ? Optional.of(new Edited(text, script.said)) : Optional.empty();
        } catch (UserException _) {
            return Optional.empty();
        }
    }

    private boolean make(Change change) {
        Map<String, Object> arguments = change.arguments();
        return switch (change.action()) {
            case "retry" ->
                arguments.get("attempts") instanceof Number attempts
                        && retry(String.valueOf(arguments.get("step")), attempts.intValue() - 1);
            case "create_parallel_container" ->
                arguments.get("steps") instanceof List<?> names
                        && sideBySide(names.stream()
                                .map(String::valueOf)
                                .collect(Collectors.toCollection(LinkedHashSet::new)));
            case "scale_up", "scale_down" ->
                "memory".equals(arguments.get("resource"))
                        && arguments.get("factor") instanceof Number factor
                        && memory(factor.doubleValue());
            case "timeout" -> arguments.get("timeout_ms") instanceof Number millis && wallTime(millis.doubleValue());
            default -> false;
        };
    }

    private boolean retry(String name, int retries) {
        Optional<Step> step =
                steps.stream().filter(each -> each.name().equals(name)).findFirst();
        if (step.isEmpty() || retries <= step.get().retries() || retries > Step.MAX_RETRIES) return false;
        steps = steps.stream()
                .map(each -> each.name().equals(name)
                        ? new Step(name, each.after(), each.onError(), retries, each.purity())
                        : each)
                .toList();
        said.add(name + " is tried again when it fails: retries = " + retries);
        return set(STEPS, name, "retries", String.valueOf(retries));
    }

    /** Those of them wait for what the first of them waited for, and what waited for one of them waits for all. */
    private boolean sideBySide(Set<String> chosen) {
        var byName = new LinkedHashMap<String, Step>();
        for (Step each : steps) byName.put(each.name(), each);
        if (chosen.size() < 2 || !byName.keySet().containsAll(chosen)) return false;
        var changed = new ArrayList<Step>();
        for (Step each : steps) {
            Set<String> after = new LinkedHashSet<>();
            if (chosen.contains(each.name())) addWithout(chosen, each, byName, after);
            else {
                Set<String> before = new LinkedHashSet<>();
                addAllBefore(each, byName, before);
                before.retainAll(chosen);
                after.addAll(each.after());
                after.addAll(before);
            }
            if (after.equals(Set.copyOf(each.after()))) {
                changed.add(each);
                continue;
            }
            changed.add(new Step(each.name(), List.copyOf(after), each.onError(), each.retries(), each.purity()));
            String list = after.stream().map(name -> "\"" + name + "\"").collect(Collectors.joining(", ", "[", "]"));
            said.add(each.name() + " waits for " + (after.isEmpty() ? "nothing" : String.join(", ", after)));
            if (!set(STEPS, each.name(), "after", list)) return false;
        }
        steps = changed;
        return true;
    }

    private static void addWithout(Set<String> chosen, Step step, Map<String, Step> byName, Set<String> after) {
        for (String name : step.after()) {
            Step before = byName.get(name);
            if (before != null && chosen.contains(name)) addWithout(chosen, before, byName, after);
            else after.add(name);
        }
    }

    private static void addAllBefore(Step step, Map<String, Step> byName, Set<String> before) {
        for (String name : step.after()) {
            Step each = byName.get(name);
            if (before.add(name) && each != null) addAllBefore(each, byName, before);
        }
    }

    private boolean memory(double factor) {
        // With steps, the limit is that of each of them, and the advice is about one.
        if (!steps.isEmpty() || !(factor > 0)) return false;
        long bytes = Math.max(MIN_MEMORY_BYTES, (long) Math.ceil(limits.memoryBytes() * factor / MIB) * MIB);
        limits = limits.withMemoryBytes(bytes);
        said.add("limits: memory = " + bytes / MIB + "MiB");
        return setLimit("memory", bytes / MIB + "MiB");
    }

    private boolean wallTime(double millis) {
        if (!steps.isEmpty() || !(millis >= 1) || millis > LONGEST.toMillis()) return false;
        Duration wall = Duration.ofMillis((long) Math.ceil(millis));
        if (wall.compareTo(limits.wallTime()) >= 0) return false;
        limits = limits.withWallTime(wall);
        said.add("limits: wall = " + wall.toMillis() + "ms");
        return setLimit("wall", wall.toMillis() + "ms");
    }

    private boolean setLimit(String key, String value) {
        for (int i = blockStart() + 1; i < blockEnd(); i++) {
            Matcher inline = Pattern.compile("limits\\s*=\\s*\\{(.*)}\\s*").matcher(toml(i));
            if (!inline.matches()) continue;
            String others = Arrays.stream(inline.group(1).split(","))
                    .map(String::strip)
                    .filter(each -> !each.isEmpty() && !each.matches(key + "\\s*=.*"))
                    .collect(Collectors.joining(", "));
            String all = key + " = \"" + value + "\"" + (others.isEmpty() ? "" : ", " + others);
            lines.set(i, mark + " limits = { " + all + " }");
            return true;
        }
        if (set(LIMITS, "", key, "\"" + value + "\"")) return true;
        for (int i = blockStart() + 1; i < blockEnd(); i++)
            if (toml(i).matches("language\\s*=.*")) {
                lines.add(i + 1, mark + " limits = { " + key + " = \"" + value + "\" }");
                return true;
            }
        return false;
    }

    /** Sets a key in the section with this header, and of several in that whose {@code name} is the given one. */
    private boolean set(Pattern header, String name, String key, String value) {
        int end = blockEnd();
        for (int start = blockStart() + 1; start < end; start++) {
            if (!header.matcher(toml(start)).matches()) continue;
            int sectionEnd = start + 1;
            while (sectionEnd < end && !toml(sectionEnd).startsWith("[")) sectionEnd++;
            int named = start;
            for (int i = start + 1; i < sectionEnd; i++)
                if (toml(i).matches("name\\s*=\\s*[\"']" + Pattern.quote(name) + "[\"'].*")) named = i;
            if (!name.isEmpty() && named == start) continue;
            for (int i = start + 1; i < sectionEnd; i++)
                if (toml(i).matches(key + "\\s*=.*")) {
                    lines.set(i, mark + " " + key + " = " + value);
                    return true;
                }
            lines.add(named + 1, mark + " " + key + " = " + value);
            return true;
        }
        return false;
    }

    /** A line of the metadata as TOML. */
    private String toml(int line) {
        String text = lines.get(line);
        return text.startsWith(mark) ? text.substring(mark.length()).strip() : text.strip();
    }

    private int blockStart() {
        return lines.indexOf(lines.stream()
                .filter(each -> each.stripTrailing().equals(mark + " /// automation"))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(file.file() + " was read, and has no metadata")));
    }

    private int blockEnd() {
        for (int i = blockStart() + 1; i < lines.size(); i++)
            if (lines.get(i).stripTrailing().equals(mark + " ///")) return i;
        throw new IllegalStateException(file.file() + " was read, and its metadata have no end");
    }
}
