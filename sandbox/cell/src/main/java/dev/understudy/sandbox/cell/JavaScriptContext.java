package dev.understudy.sandbox.cell;

import dev.understudy.sandbox.protocol.GuestLibrary;
import dev.understudy.sandbox.protocol.ToCell;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Optional;
import java.util.regex.Matcher;
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

    private static final Pattern AWAIT = Pattern.compile("\\bawait\\b");
    private static final Pattern DECLARATION =
            Pattern.compile("\\s*(?:const|let|var)\\s+([A-Za-z_$][\\w$]*)\\s*=(?!=)(.*?);*\\s*", Pattern.DOTALL);

    private final Value prelude;
    private final Value inspect;
    private @Nullable Script preparedScript;
    private @Nullable Value preparedStart;
    private @Nullable Value firstUnhandled;

    JavaScriptContext(Engine engine, Path resources, HostLink host) {
        super(Language.JAVASCRIPT, engine, resources, host);
        Value shared = context.eval(SHARED);
        Value global = context.getBindings(Language.JAVASCRIPT.id());
        Value console = context.eval(CONSOLE)
                .execute(global.getMember("print"), global.getMember("printErr"), shared.getMember("brief"));
        inspect = console.getMember("inspect");
        prelude = context.eval(PRELUDE).execute(api, shared, console.getMember("console"));
        api.raiseWith(part("raise"));
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
        if (settled.isNull() && "undefined".equals(settled.toString())) return Optional.empty();
        return Optional.of(
                part("isObject").execute(settled).asBoolean()
                        ? inspect.execute(settled).asString()
                        : settled.toString());
    }

    /** An entry that awaits: an expression, a declaration of one name, or statements, whose names end with them. */
    private Value awaitedEntry(String text, Source input) {
        Matcher declared = DECLARATION.matcher(text);
        String end = text.strip().replaceFirst(";+$", "");
        var forms = new ArrayList<String>();
        forms.add("(async () => (" + end + "\n))()");
        if (declared.matches())
            forms.add("(async () => { globalThis." + declared.group(1) + " = (" + declared.group(2) + "\n); })()");
        forms.add("(async () => {" + text + "\n})()");
        for (String form : forms) if (parses(form)) return context.eval(Language.JAVASCRIPT.id(), form);
        return context.eval(input);
    }

    private boolean parses(String text) {
        try {
            context.parse(Language.JAVASCRIPT.id(), text);
            return true;
        } catch (PolyglotException e) {
            if (e.isSyntaxError()) return false;
            throw e;
        }
    }

    /** The language calls an open text or comment an error; with its end it would be whole, or still lack something else. */
    @Override
    boolean isUnfinished(String text) {
        return Stream.of("`", "}`", "*/").anyMatch(end -> {
            try {
                context.parse(Language.JAVASCRIPT.id(), text + end);
                return true;
            } catch (PolyglotException e) {
                return e.isIncompleteSource();
            }
        });
    }

    @Override
    void finish() {
        part("dropTimers").executeVoid();
    }

    @Override
    void announce(ToCell.Terms terms) {}
}
