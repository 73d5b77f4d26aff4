package dev.understudy.plugins.automationtemplates;

import dev.understudy.plugins.automationtemplates.Manifest.Operation;
import dev.understudy.plugins.automationtemplates.Manifest.Parameter;
import dev.understudy.plugins.automationtemplates.Manifest.Step;
import dev.understudy.spi.ScriptLanguage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One request over HTTP as a task made it, with what varies still named. Filled in step by step, then written. */
final class ApiRequest {
    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");
    private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS");
    private static final Set<String> WITH_BODY = Set.of("POST", "PUT", "PATCH");
    private static final Pattern ORIGIN =
            Pattern.compile("(?i)(https?)://(?:([^/?#@]*)@)?(\\[[0-9a-f:.]+]|[a-z0-9._-]+)(:\\d{1,5})?(?=[/?#]|$).*");
    /** Endings of files that are no text; what a script's http brings back is text. */
    private static final Set<String> BINARY = Set.of(
            "zip gz tgz bz2 xz zst 7z rar tar jar war whl deb rpm apk dmg iso img exe msi dll so bin dat png jpg jpeg gif webp ico"
                    .split(" "));

    private static final Set<String> MORE_BINARY = Set.of(
            "tif tiff bmp mp3 mp4 mkv avi mov ogg wav flac pdf doc docx xls xlsx ppt pptx odt ods woff woff2 ttf otf"
                    .split(" "));

    private static final int MAX_ATTEMPTS = 10;
    private static final long MAX_WALL_SECONDS = 3600;

    private String method = "";
    private Shape url = new Shape(List.of());
    private final List<Shape> headers = new ArrayList<>();
    private @Nullable Shape body;
    private @Nullable Shape user;
    private String status = "2xx";
    private int attempts = 1;
    private double pause = 1;
    private Optional<Duration> timeout = Optional.empty();
    private @Nullable Shape output;
    private @Nullable String pointer;
    private boolean answersCount;
    private final Secrets secrets;

    ApiRequest(Secrets secrets) {
        this.secrets = secrets;
    }

    void method(String name) throws NotAutomatable {
        method = name.toUpperCase(Locale.ROOT);
        if (!METHODS.contains(method))
            throw NotAutomatable.mine("its method " + name + " is none that scripts can send");
    }

    void url(Shape shape) throws NotAutomatable {
        if (!url.isEmpty()) throw NotAutomatable.mine("it sends more than one request");
        Shape hidden = secrets.hide(shape);
        url = hidden.literalStart().matches("(?i)[a-z][a-z0-9+.-]*://.*")
                ? hidden
                : Shape.literal("http://").plus(hidden);
    }

    boolean hasUrl() {
        return !url.isEmpty();
    }

    Shape url() {
        return url;
    }

    void header(Shape line) throws NotAutomatable {
        Shape hidden = secrets.hide(line);
        if (!hidden.literalStart().matches("[A-Za-z0-9!#$%&'*+.^_`|~-]+:.*"))
            throw NotAutomatable.mine("the name of one of its headers varies or is missing");
        if (hidden.literalStart().endsWith(":") && hidden.isConstant())
            throw NotAutomatable.mine("it takes a header away");
        headers.add(hidden);
    }

    boolean hasHeader(String name) {
        return headers.stream()
                .anyMatch(line -> line.literalStart().toLowerCase(Locale.ROOT).startsWith(name + ":"));
    }

    /** Adds to the body, after a mark that separates it from what is there. */
    void body(Shape more, String mark) {
        Shape hidden = secrets.hide(more);
        body = body == null ? hidden : body.plus(Shape.literal(mark)).plus(hidden);
    }

    boolean hasBody() {
        return body != null;
    }

    /** Sends the body as a part of the URL. */
    void bodyToQuery() {
        if (body == null) return;
        boolean query = url.anyLiteral(text -> text.contains("?"));
        url = url.plus(Shape.literal(query ? "&" : "?")).plus(body);
        body = null;
    }

    void user(Shape nameAndPassword) throws NotAutomatable {
        Shape hidden = secrets.hide(nameAndPassword);
        if (!hidden.anyLiteral(text -> text.contains(":")))
            throw NotAutomatable.mine("it asks for the password of its user");
        user = hidden;
    }

    void status(String codes) throws NotAutomatable {
        if (!codes.matches("([1-5](xx|\\d\\d))( [1-5](xx|\\d\\d))*"))
            throw NotAutomatable.mine("the status that it expects is '" + codes + "', no code");
        status = codes;
    }

    void attempts(long count) throws NotAutomatable {
        if (count < 1 || count > MAX_ATTEMPTS)
            throw NotAutomatable.mine("it tries " + count + " times, and a script at most " + MAX_ATTEMPTS + " times");
        attempts = (int) count;
    }

    void pause(double seconds) {
        pause = seconds;
    }

    void timeout(Duration limit) throws NotAutomatable {
        if (!limit.isPositive() || limit.toSeconds() > MAX_WALL_SECONDS)
            throw NotAutomatable.mine("its time limit of " + limit.toSeconds() + " s is none that a script can have");
        timeout = Optional.of(limit);
    }

    void output(Shape path) throws NotAutomatable {
        String ending = Paths.extension("x" + path.literalEnd()).toLowerCase(Locale.ROOT);
        if (BINARY.contains(ending) || MORE_BINARY.contains(ending))
            throw NotAutomatable.mine("it fetches a ." + ending + " file, and what scripts fetch is text");
        output = path;
    }

    boolean hasOutput() {
        return output != null;
    }

    void pointer(String text) throws NotAutomatable {
        if (!text.matches("(?:/[^~/]*+(?:~[01][^~/]*+)*+)*+"))
            throw NotAutomatable.mine("'" + text + "' is no JSON pointer");
        pointer = text;
    }

    /** Keeps what is answered as the automation's result, where it is saved nowhere else. */
    void answerCounts() {
        answersCount = true;
    }

    /** The request as an operation, with a script put together for each language that can do all of it. */
    record Written(Operation operation, Map<String, Value> values, Reach reach, Rehearsal rehearsal) {}

    Written write(Manifest manifest) throws NotAutomatable {
        if (url.isEmpty()) throw NotAutomatable.mine("it names no URL");
        if (method.isEmpty()) method = body == null ? "GET" : "POST";
        if (body != null && !WITH_BODY.contains(method)) throw NotAutomatable.mine("it sends a body with " + method);
        String host = host();
        if (SAFE.contains(method) && output == null && pointer == null && !answersCount)
            throw new NotAutomatable(
                    "a " + method + " that is only shown looks: it changes nothing", Looking.LOOKS_ONLY);
        Map<String, Value> values = values();
        List<String> steps = steps();
        var parameters = new LinkedHashMap<String, Parameter>();
        var statements = new EnumMap<ScriptLanguage, List<String>>(ScriptLanguage.class);
        for (String id : steps) {
            Step step = manifest.step(id);
            parameters.putAll(step.parameters());
            step.statements()
                    .forEach((language, statement) -> statements
                            .computeIfAbsent(language, _ -> new ArrayList<>())
                            .add(statement));
        }
        values.keySet().retainAll(parameters.keySet());
        String summary = summary();
        var scripts = new EnumMap<ScriptLanguage, String>(ScriptLanguage.class);
        manifest.library().forEach((language, library) -> {
            List<String> lines = statements.getOrDefault(language, List.of());
            if (lines.size() == steps.size()) scripts.put(language, library.compose(comment(), lines));
        });
        List<String> written = output == null ? List.of() : List.of("output");
        var operation = new Operation(
                "request",
                summary,
                (output == null ? method.toLowerCase(Locale.ROOT) : "fetch") + " {url}"
                        + (output == null ? "" : " to {output}"),
                scripts,
                List.of(),
                List.of(),
                written,
                List.of(),
                Set.of(),
                Set.of(),
                parameters);
        var used = new java.util.LinkedHashSet<String>();
        values.values().forEach(value -> used.addAll(value.variables()));
        used.retainAll(secrets.names());
        return new Written(operation, values, new Reach(List.of(host), used, wallTime()), filled -> example(filled));
    }

    private Map<String, Value> values() {
        var values = new LinkedHashMap<String, Value>();
        values.put("method", Value.Text.literal(method));
        values.put("url", new Value.Text(url));
        if (!headers.isEmpty()) values.put("headers", Value.Words.of(headers.toArray(Shape[]::new)));
        values.put("body", new Value.Text(body == null ? Shape.literal("") : body));
        if (user != null) values.put("user", new Value.Text(user));
        values.put("status", Value.Text.literal(status));
        values.put("attempts", Value.Text.literal(Integer.toString(attempts)));
        values.put("pause", Value.Text.literal(pause == Math.rint(pause) ? Long.toString((long) pause) : "" + pause));
        if (pointer != null) values.put("pointer", Value.Text.literal(pointer));
        if (output != null) values.put("output", new Value.Text(output));
        return values;
    }

    private List<String> steps() {
        var steps = new ArrayList<String>();
        steps.add(headers.isEmpty() ? "no_headers" : "headers");
        if (user != null) steps.add("user");
        steps.add(attempts > 1 ? "send_again" : body == null ? "send" : "send_body");
        steps.add("status");
        steps.add("result");
        if (pointer != null) steps.add("pick");
        else if (answersCount && output == null) steps.add("text");
        if (output != null) steps.add(pointer == null ? "save" : "save_answer");
        return steps;
    }

    private String summary() {
        String what = method.equals("GET") ? "Fetches {url}" : "Sends " + method + " to {url}";
        if (pointer != null)
            what += ", picks "
                    + (pointer.isEmpty() ? "all" : Shape.literal(pointer).template()) + " from what it answers";
        if (output != null) what += " and writes it to {output}";
        return what + "." + (SAFE.contains(method) ? "" : " A request that was sent is not undone.");
    }

    private String comment() {
        String what = method.equals("GET") ? "Fetches a page" : "Sends a request";
        if (attempts > 1) what += ", again after a failure that may pass";
        if (pointer != null) what += ", and picks what a JSON pointer names from the answer";
        if (output != null) what += ", and writes the answer to a file";
        return what + ".";
    }

    /** The host as a grant names it; a URL whose host varies could lead anywhere. */
    private String host() throws NotAutomatable {
        String start = url.literalStart();
        Matcher origin = ORIGIN.matcher(start);
        boolean whole = url.isConstant() || start.matches("(?is)https?://[^/?#]+[/?#].*");
        if (!whole || !origin.matches()) {
            if (start.matches("(?i)[a-z][a-z0-9+.-]*://.*") && !start.matches("(?i)https?://.*"))
                throw NotAutomatable.mine("its URL is neither http nor https");
            throw NotAutomatable.mine("the host that it speaks to varies or is no host");
        }
        if (origin.group(2) != null) throw NotAutomatable.mine("its URL holds a user, which belongs in -u");
        return origin.group(3).toLowerCase(Locale.ROOT) + Objects.requireNonNullElse(origin.group(4), "");
    }

    /** All attempts in full and the waits between them. */
    private Optional<Duration> wallTime() {
        if (timeout.isEmpty() && attempts == 1) return Optional.empty();
        double waits = pause * (Math.pow(2, attempts - 1.0) - 1);
        long each = timeout.map(Duration::toSeconds).orElse(30L);
        return Optional.of(
                Duration.ofSeconds(Math.min(MAX_WALL_SECONDS, Math.max(1, each) * attempts + (long) Math.ceil(waits))));
    }

    private Rehearsal.Example example(Map<String, List<String>> filled) {
        var example = new Rehearsal.Example();
        int code = Integer.parseInt(status.substring(0, 3).replace("xx", "00"));
        String answer = "Rehearsal stand-in for what was answered\n";
        String text = pointer == null ? answer : document(pointer, "example");
        example.response(one(filled, "method"), one(filled, "url"), code, method.equals("HEAD") ? "" : text);
        example.result("status", code);
        if (pointer != null) example.result("answer", "example");
        if (output != null) example.written(one(filled, "output"), pointer == null ? answer : "example\n");
        return example;
    }

    /** A JSON document in which the pointer names the text. */
    static String document(String pointer, String text) {
        String json = "\"" + text + "\"";
        String[] parts = pointer.split("/", -1);
        for (int i = parts.length - 1; i >= 1; i--) {
            String key = parts[i].replace("~1", "/").replace("~0", "~");
            if (key.matches("0|[1-9]\\d?")) json = "[" + "null,".repeat(Integer.parseInt(key)) + json + "]";
            else json = "{\"" + key.replace("\\", "\\\\").replace("\"", "\\\"") + "\":" + json + "}";
        }
        return json;
    }

    private static String one(Map<String, List<String>> values, String name) {
        return Objects.requireNonNull(values.get(name), name).getFirst();
    }
}
