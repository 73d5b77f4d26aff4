package dev.understudy.plugins.automationtemplates;

import dev.understudy.spi.Task;
import dev.understudy.spi.TaskPattern;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Reads recorded calls of an API: tasks with a URL among their parameters. */
final class ApiTasks {
    private static final Map<String, String> NAMES = names();

    private final TaskPattern pattern;
    private final ApiRequest request;
    private final Shape folder;

    private ApiTasks(TaskPattern pattern, ApiRequest request) {
        this.pattern = pattern;
        this.request = request;
        folder = pattern.parameters().get(Task.WORKING_DIRECTORY) instanceof String text
                ? Shape.parse(text)
                : new Shape(List.of());
    }

    private static Map<String, String> names() {
        var names = new LinkedHashMap<String, String>();
        for (String line : List.of(
                "url uri endpoint address",
                "method verb http_method",
                "headers header",
                "body data payload json",
                "status expected_status expect_status expect",
                "retries max_retries",
                "attempts max_attempts",
                "timeout timeout_seconds timeout_s",
                "timeout_ms timeout_millis",
                "pointer json_pointer extract",
                "output output_file output_path save_to destination",
                "auth credentials"))
            for (String name : line.split(" ")) names.put(name, line.substring(0, line.indexOf(' ')));
        return names;
    }

    static ApiRequest read(Manifest manifest, TaskPattern pattern) throws NotAutomatable {
        var request = new ApiRequest(new Secrets(pattern));
        var tasks = new ApiTasks(pattern, request);
        String type = TaskMatcher.normal(pattern.taskType());
        if (type.matches("http_(get|post|put|patch|delete)")) request.method(type.substring("http_".length()));
        for (Map.Entry<String, Object> parameter : pattern.parameters().entrySet()) {
            String name = parameter.getKey();
            if (name.equals(Task.WORKING_DIRECTORY) || name.equals(Task.EFFECTS)) continue;
            String known = NAMES.get(name.toLowerCase(Locale.ROOT));
            if (known == null && manifest.ignored().contains(name)) continue;
            if (known == null)
                throw NotAutomatable.mine(
                        "it has the parameter '" + name + "', of which this template does not know what it changes");
            tasks.take(known, name, parameter.getValue());
        }
        request.answerCounts();
        return request;
    }

    private void take(String known, String name, Object value) throws NotAutomatable {
        switch (known) {
            case "url" -> request.url(shape(name, value));
            case "method" -> request.method(constant(name, value));
            case "headers" -> headers(name, value);
            case "body" -> body(name, value);
            case "status" -> request.status(constant(name, value));
            case "retries" -> request.attempts(whole(name, value) + 1);
            case "attempts" -> request.attempts(whole(name, value));
            case "timeout" -> request.timeout(Duration.ofSeconds(whole(name, value)));
            case "timeout_ms" -> request.timeout(Duration.ofMillis(whole(name, value)));
            case "pointer" -> request.pointer(constant(name, value));
            case "output" ->
                request.output(ShellCommand.resolve(folder, shape(name, value), ShellCommand.Observed.of(pattern)));
            case "auth" -> request.user(shape(name, value));
            default -> throw new IllegalStateException("no parameter " + known);
        }
    }

    private static Shape shape(String name, Object value) throws NotAutomatable {
        if (value instanceof String text && Shape.listVariable(text).isEmpty()) return Shape.parse(text);
        throw NotAutomatable.mine("its " + name + " is no text");
    }

    private static String constant(String name, Object value) throws NotAutomatable {
        String text = value instanceof String template ? template : String.valueOf(value);
        Shape shape = Shape.parse(text);
        if (!shape.isConstant() || value instanceof List || value instanceof Map)
            throw NotAutomatable.mine("its " + name + " differs from task to task");
        return shape.fill(Map.of());
    }

    private static long whole(String name, Object value) throws NotAutomatable {
        String text = constant(name, value);
        if (!text.matches("\\d{1,9}")) throw NotAutomatable.mine("its " + name + " is no whole number");
        return Long.parseLong(text);
    }

    private void headers(String name, Object value) throws NotAutomatable {
        switch (value) {
            case Map<?, ?> fields -> {
                for (Map.Entry<?, ?> field : fields.entrySet())
                    request.header(
                            Shape.literal(field.getKey() + ": ").plus(shape(name, String.valueOf(field.getValue()))));
            }
            case List<?> lines -> {
                for (Object line : lines) request.header(shape(name, line));
            }
            default -> request.header(shape(name, value));
        }
    }

    private void body(String name, Object value) throws NotAutomatable {
        if (value instanceof String text) {
            request.body(Shape.parse(text), "&");
            return;
        }
        var parts = new ArrayList<Shape.Part>();
        json(value, List.of(name), parts);
        request.body(new Shape(parts), "&");
        if (!request.hasHeader("content-type")) request.header(Shape.literal("Content-Type: application/json"));
    }

    /** Writes a value as JSON in which variables stay; what they held must need no escapes. */
    private void json(Object value, List<Object> path, List<Shape.Part> parts) throws NotAutomatable {
        switch (value) {
            case Map<?, ?> fields -> {
                String mark = "{";
                for (Map.Entry<?, ?> field : fields.entrySet()) {
                    parts.add(new Shape.Part.Literal(mark + quoted(String.valueOf(field.getKey())) + ":"));
                    json(field.getValue(), with(path, field.getKey()), parts);
                    mark = ",";
                }
                parts.add(new Shape.Part.Literal(fields.isEmpty() ? "{}" : "}"));
            }
            case List<?> items -> {
                for (int i = 0; i < items.size(); i++) {
                    parts.add(new Shape.Part.Literal(i == 0 ? "[" : ","));
                    json(items.get(i), with(path, i), parts);
                }
                parts.add(new Shape.Part.Literal(items.isEmpty() ? "[]" : "]"));
            }
            case String template -> text(template, path, parts);
            default -> parts.add(new Shape.Part.Literal(String.valueOf(value)));
        }
    }

    private static List<Object> with(List<Object> path, Object key) {
        var longer = new ArrayList<>(path);
        longer.add(key);
        return longer;
    }

    private void text(String template, List<Object> path, List<Shape.Part> parts) throws NotAutomatable {
        if (Shape.listVariable(template).isPresent())
            throw NotAutomatable.mine("how long a list in what it sends is differs from task to task");
        Shape shape = Shape.parse(template);
        for (String variable : shape.variables())
            for (String seen : ShellCommand.Observed.of(pattern).of(variable))
                if (!quoted(seen).equals("\"" + seen + "\""))
                    throw NotAutomatable.mine("what it sends holds marks that JSON must write otherwise");
        boolean plain = shape.wholeVariable().isPresent() && !isText(path);
        if (!plain) parts.add(new Shape.Part.Literal("\""));
        for (Shape.Part part : shape.parts()) {
            parts.add(
                    switch (part) {
                        case Shape.Part.Literal(String text) -> {
                            String quoted = quoted(text);
                            yield new Shape.Part.Literal(quoted.substring(1, quoted.length() - 1));
                        }
                        case Shape.Part.Variable variable -> variable;
                    });
        }
        if (!plain) parts.add(new Shape.Part.Literal("\""));
    }

    /** Whether the task had a text at a place where the pattern has a variable, and no number or truth value. */
    private boolean isText(List<Object> path) {
        if (pattern.observations().isEmpty()) return true;
        Object value = pattern.observations().getFirst().task().parameters();
        for (Object key : path) {
            Optional<Object> inner = switch (value) {
                case Map<?, ?> fields -> Optional.ofNullable(fields.get(key));
                case List<?> items
                when key instanceof Integer index && index < items.size() -> Optional.of(items.get(index));
                default -> Optional.empty();
            };
            if (inner.isEmpty()) return true;
            value = inner.get();
        }
        return value instanceof String;
    }

    private static String quoted(String text) {
        var quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') quoted.append('\\').append(c);
            else if (c < ' ') quoted.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            else quoted.append(c);
        }
        return quoted.append('"').toString();
    }
}
