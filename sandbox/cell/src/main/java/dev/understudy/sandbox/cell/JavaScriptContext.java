package dev.understudy.sandbox.cell;

import dev.understudy.sandbox.protocol.GuestLibrary;
import dev.understudy.sandbox.protocol.ToCell;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.graalvm.polyglot.Engine;
import org.graalvm.polyglot.PolyglotException;
import org.graalvm.polyglot.Source;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.proxy.ProxyExecutable;
import org.jspecify.annotations.Nullable;

/** A context for JavaScript. */
final class JavaScriptContext extends GuestContext {
    private static final Source PRELUDE = resource(Language.JAVASCRIPT, "prelude.js");

    private static final Source SHARED = shared(GuestLibrary.JAVASCRIPT, Language.JAVASCRIPT);
    private static final Source CONSOLE = resource(Language.JAVASCRIPT, "console.js");
    private static final Source MODULES = resource(Language.JAVASCRIPT, "modules.js");
    private static final Source DATES = resource(Language.JAVASCRIPT, "dates.js");

    private static final Pattern AWAIT = Pattern.compile("\\bawait\\b");
    private static final Source SESSION = resource(Language.JAVASCRIPT, "session.js");

    /** A declaration at the start of a line, whose names are to outlast the function that awaits. */
    private static final Pattern DECLARED_NAME = Pattern.compile("(?m)^(?:const|let|var)\\s+(?=[\\w$]+\\s*=(?!=))");

    private static final Pattern DECLARED_LIST = Pattern.compile("(?m)^(?:const|let|var)\\s+(?=\\[)");
    private static final Pattern DECLARED_FIELDS =
            Pattern.compile("(?m)^(?:const|let|var)\\s+(\\{[^\\n]*?\\}\\s*=(?!=)[^\\n]*?);*[ \\t]*$");
    private static final Pattern DECLARED_CLASS = Pattern.compile("(?m)^class\\s+([\\w$]+)");
    private static final Pattern DECLARED_FUNCTION =
            Pattern.compile("(?m)^(?:async\\s+)?function\\s*\\*?\\s*([\\w$]+)");

    private final Value prelude;
    private final Value inspect;
    private final Value modules;
    private @Nullable Value session;
    private @Nullable Script preparedScript;
    private @Nullable Value preparedStart;
    private @Nullable Value firstUnhandled;

    JavaScriptContext(Engine engine, Path resources, HostLink host) {
        super(Language.JAVASCRIPT, engine, resources, host);
        context.eval(DATES).executeVoid();
        Value shared = context.eval(SHARED);
        Value global = context.getBindings(Language.JAVASCRIPT.id());
        Value console = context.eval(CONSOLE)
                .execute(global.getMember("print"), global.getMember("printErr"), shared.getMember("brief"));
        inspect = console.getMember("inspect");
        prelude = context.eval(PRELUDE).execute(api, shared, console.getMember("console"));
        api.raiseWith(part("raise"));
        modules = context.eval(MODULES).execute(api);
    }

    @Override
    Value part(String name) {
        return prelude.getMember(name);
    }

    @Override
    void prepareFor(Script script) {
        if (script.equals(preparedScript)) return;
        preparedScript = null;
        try {
            // Evaluating the wrapped script makes a function and runs none of it.
            preparedStart = context.eval(script.plain());
            preparedScript = script;
        } catch (PolyglotException _) {
            // It is a module, or the run will meet the same syntax error and report it.
        }
    }

    @Override
    Value run(Script script, String parametersJson) throws ResultException {
        Value execute =
                script.equals(preparedScript) && preparedStart != null ? preparedStart.execute() : executeOf(script);
        if (execute == null || !execute.canExecute())
            throw new ResultException("the script has no function named execute."
                    + " Add function execute(params) { … } that returns an object.");
        return awaited((done, failed) -> part("start").execute(execute, parametersJson, done, failed));
    }

    private @Nullable Value executeOf(Script script) throws ResultException {
        Source source = form(script);
        if (source.equals(script.plain())) return context.eval(source).execute();
        Value module = context.eval(source);
        Value exports = part("isPromise").execute(module).asBoolean()
                ? awaited((done, failed) -> part("settle").execute(module, done, failed))
                : module;
        Optional<Value> execute = executeIn(exports);
        // A module that awaits a timer at its top level goes on when that has fired.
        while (execute.isEmpty() && unhandled().isEmpty() && nextTimer()) execute = executeIn(exports);
        if (execute.isEmpty() && unhandled().isPresent())
            throw rejection(unhandled().get());
        return execute.orElse(null);
    }

    private Optional<Value> executeIn(Value exports) {
        Value global = context.getBindings(Language.JAVASCRIPT.id());
        return Stream.of(exports.getMember("execute"), exports.getMember("default"), global.getMember("execute"))
                .filter(value -> value != null && value.canExecute())
                .findFirst();
    }

    /**
     * Whether it is a plain script or a module, decided by parsing: a module is what only a module's grammar takes.
     *
     * @throws PolyglotException the syntax error of the form in which more of the script could be read, if it is neither
     */
    private Source form(Script script) {
        try {
            context.parse(script.plain());
            return script.plain();
        } catch (PolyglotException asPlain) {
            if (!asPlain.isSyntaxError()) throw asPlain;
            try {
                context.parse(script.module());
                return script.module();
            } catch (PolyglotException asModule) {
                throw Failures.line(asModule) > Failures.line(asPlain) ? asModule : asPlain;
            }
        }
    }

    private interface Settling {
        void settle(ProxyExecutable done, ProxyExecutable failed);
    }

    /**
     * Waits for what settles by jobs and timers alone. Jobs run whenever the host leaves the guest, so what can be settled
     * without a timer is by the time we look.
     */
    private Value awaited(Settling settling) throws ResultException {
        var outcome = new Value[2];
        settling.settle(values -> keep(outcome, 0, values), values -> keep(outcome, 1, values));
        while (outcome[0] == null && outcome[1] == null && unhandled().isEmpty() && nextTimer()) {
            // Each turn fires one timer, and what it settles is looked at before the next.
        }
        Optional<Value> reason = outcome[1] != null ? Optional.of(outcome[1]) : unhandled();
        if (reason.isPresent()) throw rejection(reason.get());
        if (outcome[0] == null)
            throw new ResultException(
                    "the promise that execute returned can never be fulfilled: nothing is left to run");
        return outcome[0];
    }

    /** Thrown again as what it is, if it is an error. */
    private ResultException rejection(Value reason) {
        if (reason.isException()) throw reason.throwException();
        return new ResultException(
                "a promise was rejected with " + inspect.execute(reason).asString());
    }

    private static @Nullable Object keep(Value[] outcome, int at, Value... values) {
        outcome[at] = values[0];
        return null;
    }

    /** The reason of the first promise that was rejected and that nobody awaited. */
    private Optional<Value> unhandled() {
        if (firstUnhandled == null) {
            Value reasons = part("takeUnhandled").execute();
            if (reasons.getArraySize() > 0) firstUnhandled = reasons.getArrayElement(0);
        }
        return Optional.ofNullable(firstUnhandled);
    }

    /** Waits for the next timer and fires it; false if there is none. */
    private boolean nextTimer() {
        long millis = part("untilNextTimer").execute().asLong();
        if (millis < 0) return false;
        try {
            Thread.sleep(millis);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
        part("fireTimer").executeVoid();
        return true;
    }

    @Override
    void beginSession() {
        session = context.eval(SESSION).execute(api, inspect, part("ground"));
    }

    private Value session(String name) {
        if (session == null) throw new IllegalStateException("no session has begun");
        return session.getMember(name);
    }

    @Override
    List<String> members(String path) {
        var names = new LinkedHashSet<>(
                session("members").execute(path).asString().lines().toList());
        // What entries have declared is no member of the global object, but in scope with it.
        if (path.isEmpty())
            names.addAll(context.getBindings(Language.JAVASCRIPT.id()).getMemberKeys());
        return List.copyOf(names);
    }

    @Override
    String explanation(String path) {
        return session("explain").execute(path).asString();
    }

    @Override
    Value loop(String input) {
        String body = " (n) { for (let i = 0; i < n; i++) {" + input + "\n} })";
        String plain = "(function" + body;
        return context.eval(Language.JAVASCRIPT.id(), parses(plain) ? plain : "(async function" + body);
    }

    @Override
    void repeat(Value loop, long times) throws ResultException {
        Value promised = loop.execute(times);
        if (part("isPromise").execute(promised).asBoolean())
            awaited((done, failed) -> part("settle").execute(promised, done, failed));
    }

    @Override
    Optional<String> evaluate(Source input) throws ResultException {
        String text = input.getCharacters().toString();
        // What the entry before has been told of is not told again.
        part("takeUnhandled").executeVoid();
        firstUnhandled = null;
        Value value = parses(text) || !AWAIT.matcher(text).find() ? context.eval(input) : awaitedEntry(text, input);
        Value settled = part("isPromise").execute(value).asBoolean()
                ? awaited((done, failed) -> part("settle").execute(value, done, failed))
                : value;
        while (unhandled().isEmpty() && nextTimer()) {
            // A prompt comes back when all that the entry has begun is done.
        }
        if (unhandled().isPresent()) throw rejection(unhandled().get());
        if (session("show").execute(settled).asBoolean()) return Optional.empty();
        if (settled.isString()) return Optional.of(settled.asString());
        return Optional.of(
                part("isObject").execute(settled).asBoolean()
                        ? inspect.execute(settled).asString()
                        : settled.toString());
    }

    /** An entry that awaits, in the first form that can be read; as it is where none can, for the error that this makes. */
    private Value awaitedEntry(String text, Source input) {
        Optional<String> form = awaitedForms(text).filter(this::parses).findFirst();
        return form.isPresent() ? context.eval(Language.JAVASCRIPT.id(), form.get()) : context.eval(input);
    }

    /**
     * An expression, or statements in a function that awaits: what they declare at the start of a line is assigned instead, by
     * which it becomes global; the value is that of an expression in the last line.
     */
    private static Stream<String> awaitedForms(String text) {
        String end = text.strip().replaceFirst(";+$", "");
        String code = DECLARED_NAME.matcher(end).replaceAll("");
        code = DECLARED_LIST.matcher(code).replaceAll(";");
        code = DECLARED_FIELDS.matcher(code).replaceAll(";($1);");
        code = DECLARED_CLASS.matcher(code).replaceAll("$1 = class $1");
        var kept = new StringBuilder("\n");
        DECLARED_FUNCTION
                .matcher(code)
                .results()
                .forEach(found -> kept.append("globalThis.")
                        .append(found.group(1))
                        .append(" = ")
                        .append(found.group(1))
                        .append(";\n"));
        int last = end.lastIndexOf('\n') + 1;
        boolean declares = !code.equals(end);
        int lastOfCode = code.lastIndexOf('\n') + 1;
        var forms = new ArrayList<String>();
        forms.add("(async () => (" + end + "\n))()");
        boolean ends = DECLARED_FUNCTION.matcher(code.substring(lastOfCode)).lookingAt();
        if (last > 0 && !ends && end.substring(last).equals(code.substring(lastOfCode)))
            forms.add("(async () => {" + code.substring(0, lastOfCode) + kept + "return (" + code.substring(lastOfCode)
                    + "\n)})()");
        forms.add("(async () => {" + code + kept + "})()");
        if (declares) forms.add("(async () => {" + text + "\n})()");
        return forms.stream();
    }

    private boolean parses(String text) {
        return reading(text) == Reading.WHOLE;
    }

    /** The language calls an open text or comment an error; with its end it would be whole, or still lack something else. */
    @Override
    boolean isUnfinished(String text) {
        Reading plain = reading(text);
        if (plain != Reading.WRONG) return plain == Reading.UNFINISHED;
        if (Stream.of("`", "}`", "*/").anyMatch(end -> reading(text + end) != Reading.WRONG)) return true;
        // A function that is open goes on in any case; so does what is in it if it is whole in no form.
        return AWAIT.matcher(text).find()
                && reading("(async () => {" + text) == Reading.UNFINISHED
                && awaitedForms(text).noneMatch(this::parses);
    }

    private enum Reading {
        WHOLE,
        UNFINISHED,
        WRONG
    }

    private Reading reading(String text) {
        try {
            context.parse(Language.JAVASCRIPT.id(), text);
            return Reading.WHOLE;
        } catch (PolyglotException e) {
            if (!e.isSyntaxError()) throw e;
            return e.isIncompleteSource() ? Reading.UNFINISHED : Reading.WRONG;
        }
    }

    @Override
    void finish() {
        part("dropTimers").executeVoid();
    }

    @Override
    void announce(ToCell.Terms terms) {
        files.forgetModules();
        modules.getMember("open").execute(terms.packages());
        files.findModules(terms.packages().isEmpty() ? null : this::moduleNamed);
    }

    /** What an import of a package by its name leads to: its own module, or one that stands for what is no module. */
    private Path moduleNamed(String name) {
        Value found = modules.getMember("imported").execute(name);
        Path path = Path.of(found.getMember("path").asString());
        Value text = found.getMember("text");
        return text == null || text.isNull() ? path : files.standIn(path, text.asString());
    }
}
