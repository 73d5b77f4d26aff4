package dev.understudy.core.automation;

import dev.understudy.core.config.SectionReader;
import dev.understudy.core.problem.UserException;
import dev.understudy.sandbox.control.Grants;
import dev.understudy.sandbox.control.IsolationLevel;
import dev.understudy.sandbox.control.Secrets;
import dev.understudy.sandbox.control.http.HostGrants;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Grants as an automation writes them, where {@code {name}} stands for a parameter's value.
 *
 * <p>A grant that is one parameter and nothing else grants whatever path (or, for a list, paths) the person passes. In a
 * grant of which a parameter is only a part, the value is a name: it cannot lead out of the folder that is written there.
 */
public record GrantTemplates(
        List<String> reads, List<String> writes, List<String> hosts, List<String> programs, List<String> secrets) {
    private static final Pattern PARAMETER = Pattern.compile("\\{([A-Za-z_][A-Za-z0-9_]*)\\}");
    /** What is meant for a pattern, and would be the name of one file. */
    private static final Pattern PATTERN = Pattern.compile("/(?:\\*{1,2}|\\*\\.[^/]*)(?=/|$)");

    private static final Pattern HOST =
            Pattern.compile("\\*|[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:\\d{1,5})?|\\[[0-9A-Fa-f:.]+\\](:\\d{1,5})?");

    /** Nothing beside the run's own workspace. */
    public static final GrantTemplates NONE = new GrantTemplates(List.of(), List.of(), List.of(), List.of());

    public GrantTemplates {
        reads = List.copyOf(reads);
        writes = List.copyOf(writes);
        hosts = List.copyOf(hosts);
        programs = List.copyOf(programs);
        secrets = List.copyOf(secrets);
    }

    /** Without secrets. */
    public GrantTemplates(List<String> reads, List<String> writes, List<String> hosts, List<String> programs) {
        this(reads, writes, hosts, programs, List.of());
    }

    static GrantTemplates read(SectionReader section, Set<String> parameters) {
        var read = new GrantTemplates(
                texts(section, "reads", parameters),
                texts(section, "writes", parameters),
                texts(section, "hosts", parameters),
                texts(section, "programs", parameters),
                // Never a parameter's value: which secret a script knows is what a person has approved.
                section.texts("secrets", "a secret's name: " + Secrets.FORM, Secrets::isName));
        section.finish();
        return read;
    }

    /** Notes what a run would refuse whatever its parameters hold. */
    void check(SectionReader section, IsolationLevel isolation) {
        for (String key : List.of("reads", "writes")) {
            for (String path : key.equals("reads") ? reads : writes)
                if (path.replaceAll("/+", "/").matches("/(\\.{0,2}/?)*"))
                    section.mistake(
                            key, "grants '" + path + "'", "but no automation may have every file of this machine");
            for (String path : key.equals("reads") ? reads : writes) {
                Matcher pattern = PATTERN.matcher(path);
                if (pattern.find() && pattern.start() > 0)
                    section.mistake(
                            key,
                            "grants '" + path + "'",
                            "but a grant is one path and no pattern: '" + path.substring(0, pattern.start())
                                    + "' grants that folder with all that is in it");
            }
        }
        for (String host : hosts) {
            if (!parametersOf(host).isEmpty()) continue;
            try {
                HostGrants.of(List.of(host));
            } catch (IllegalArgumentException e) {
                section.mistake("hosts", "names '" + host + "'", "but " + e.getMessage());
            }
        }
        if (!hosts.isEmpty() && isolation != IsolationLevel.MINIMAL)
            section.mistake(
                    "hosts",
                    "names hosts",
                    "but isolation is " + isolation.id() + ", which has no network: set isolation = \"minimal\"");
        if (!programs.isEmpty() && isolation == IsolationLevel.FULL)
            section.mistake(
                    "programs",
                    "names programs",
                    "but isolation is full, which starts none: set isolation = \"partial\"");
    }

    private static List<String> texts(SectionReader section, String key, Set<String> parameters) {
        List<String> texts = section.texts(
                key, "a text that is not empty and holds no NUL", text -> !text.isBlank() && text.indexOf('\0') < 0);
        for (String text : texts) {
            for (String name : parametersOf(text)) {
                if (!parameters.contains(name))
                    section.mistake(key, "names the parameter {" + name + "}", "but no parameter has this name");
            }
        }
        return texts;
    }

    private static List<String> parametersOf(String template) {
        return PARAMETER
                .matcher(template)
                .results()
                .map(match -> match.group(1))
                .toList();
    }

    /**
     * Fills in the values.
     *
     * @throws UserException if a value would lead to what the grant does not say
     */
    Grants resolve(Map<String, Object> values, Surroundings surroundings) {
        return new Grants(
                paths(reads, values, surroundings),
                paths(writes, values, surroundings),
                names(hosts, values, "host", HOST.asMatchPredicate()),
                names(programs, values, "program", program -> !program.isBlank()),
                Secrets.standIns(secrets));
    }

    private static List<Path> paths(List<String> templates, Map<String, Object> values, Surroundings surroundings) {
        var paths = new LinkedHashSet<Path>();
        for (String template : templates) {
            for (String text : fill(template, values)) {
                Path path = surroundings.resolve(text);
                if (path.getParent() == null)
                    throw notAllowed(template, text, "it would grant every file of this machine");
                paths.add(path);
            }
        }
        return List.copyOf(paths);
    }

    private static List<String> names(
            List<String> templates,
            Map<String, Object> values,
            String kind,
            java.util.function.Predicate<String> rule) {
        var names = new LinkedHashSet<String>();
        for (String template : templates) {
            for (String text : fill(template, values)) {
                if (!rule.test(text)) throw notAllowed(template, text, "it names no " + kind);
                names.add(text);
            }
        }
        return List.copyOf(names);
    }

    private static List<String> fill(String template, Map<String, Object> values) {
        Matcher whole = PARAMETER.matcher(template);
        var filled = new ArrayList<String>();
        if (whole.matches()) {
            Object value = values.get(whole.group(1));
            List<?> items = value instanceof List<?> list ? list : value == null ? List.of() : List.of(value);
            for (Object item : items) filled.add(checkText(template, String.valueOf(item)));
            return filled;
        }
        var segments = new ArrayList<String>();
        for (String segment : template.split("/", -1)) segments.add(fillSegment(template, segment, values));
        return List.of(String.join("/", segments));
    }

    private static String fillSegment(String template, String segment, Map<String, Object> values) {
        if (parametersOf(segment).isEmpty()) return segment;
        String filled = PARAMETER.matcher(segment).replaceAll(match -> {
            Object value = values.get(match.group(1));
            String text = value == null ? "" : String.valueOf(value);
            if (value instanceof List<?>) throw notAllowed(template, text, "a list is no part of a name");
            if (text.contains("/")) throw notAllowed(template, text, "it may not contain '/'");
            if (text.equals("..")) throw notAllowed(template, text, "it leads out of the folder");
            return Matcher.quoteReplacement(checkText(template, text));
        });
        // Looked at as a whole: "." beside a value of "." is "..", and an empty name is the folder itself.
        if (filled.isEmpty() || filled.equals(".") || filled.equals("..") || filled.equals("~"))
            throw notAllowed(template, filled, "it is no name");
        return filled;
    }

    private static String checkText(String template, String text) {
        if (text.isEmpty()) throw notAllowed(template, text, "it is empty");
        if (text.indexOf('\0') >= 0) throw notAllowed(template, text.replace('\0', '?'), "it holds a NUL character");
        return text;
    }

    private static UserException notAllowed(String template, String value, String why) {
        return UserException.notAllowed(
                "The grant '" + template + "' cannot take the value '" + value + "'", why, "Pass another value");
    }

    /** Tells whether a word could be a parameter's name. */
    static boolean isParameterName(String word) {
        return PARAMETER.matcher("{" + word + "}").matches();
    }
}
