package dev.understudy.sandbox.cell;

import dev.understudy.sandbox.protocol.ToCell;
import java.nio.file.Path;
import java.util.Optional;
import org.graalvm.polyglot.Engine;
import org.graalvm.polyglot.PolyglotException;
import org.graalvm.polyglot.Source;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.proxy.ProxyExecutable;
import org.jspecify.annotations.Nullable;

/** A context for JavaScript. */
final class JavaScriptContext extends GuestContext {
    private static final Source PRELUDE = resource(Language.JAVASCRIPT, "prelude.js");

    private final Value parse;
    private final Value notAllowed;
    private final Value isPromise;
    private final Value settle;
    private @Nullable Script preparedScript;
    private @Nullable Value preparedStart;

    JavaScriptContext(Engine engine, Path resources, HostLink host) {
        super(Language.JAVASCRIPT, engine, resources, host);
        Value prelude = context.eval(PRELUDE).execute(api);
        api.raiseWith(prelude.getMember("raise"));
        parse = prelude.getMember("parse");
        notAllowed = prelude.getMember("NotAllowed");
        isPromise = prelude.getMember("isPromise");
        settle = prelude.getMember("settle");
    }

    @Override
    void prepareFor(Script script) {
        if (script.isModule() || script.equals(preparedScript)) return;
        try {
            // Evaluating the wrapped script makes a function and runs none of it.
            preparedStart = context.eval(script.plain());
            preparedScript = script;
        } catch (PolyglotException _) {
            // The run will meet the same syntax error and report it.
            preparedScript = null;
        }
    }

    @Override
    Value run(Script script, String parametersJson) throws ResultException {
        Value execute;
        if (script.isModule()) {
            execute = context.eval(script.plain()).getMember("execute");
        } else {
            Value start = preparedStart != null && script.equals(preparedScript)
                    ? preparedStart
                    : context.eval(script.plain());
            execute = start.execute();
        }
        if (execute == null || !execute.canExecute())
            throw new ResultException("the script has no function named execute."
                    + " Add function execute(params) { … } that returns an object.");
        Value result = execute.execute(parse.execute(parametersJson));
        return isPromise.execute(result).asBoolean() ? awaited(result) : result;
    }

    /** Pending jobs run whenever the host leaves the guest, so a promise that can be settled is by the time we look. */
    private Value awaited(Value promise) throws ResultException {
        var outcome = new Value[2];
        settle.execute(
                promise,
                (ProxyExecutable) values -> {
                    outcome[0] = values[0];
                    return null;
                },
                (ProxyExecutable) values -> {
                    outcome[1] = values[0];
                    return null;
                });
        if (outcome[1] != null) {
            if (outcome[1].isException()) throw outcome[1].throwException();
            throw new ResultException("the promise that execute returned was rejected with " + outcome[1]);
        }
        if (outcome[0] == null)
            throw new ResultException(
                    "the promise that execute returned can never be fulfilled: nothing is left to run");
        return outcome[0];
    }

    @Override
    boolean isNotAllowed(Value exception) {
        return notAllowed.isMetaInstance(exception);
    }

    @Override
    Optional<String> evaluate(Source input) {
        Value value = context.eval(input);
        return value.isNull() && "undefined".equals(value.toString())
                ? Optional.empty()
                : Optional.of(value.toString());
    }

    @Override
    void finish() {}

    @Override
    void announce(ToCell.Terms terms) {}
}
