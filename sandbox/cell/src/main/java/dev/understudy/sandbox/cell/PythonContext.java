package dev.understudy.sandbox.cell;

import dev.understudy.sandbox.protocol.GuestLibrary;
import dev.understudy.sandbox.protocol.ToCell;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.graalvm.polyglot.Engine;
import org.graalvm.polyglot.PolyglotException;
import org.graalvm.polyglot.Source;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.proxy.ProxyArray;
import org.jspecify.annotations.Nullable;

/** A context for Python. */
final class PythonContext extends GuestContext {
    private static final Source PRELUDE = resource(Language.PYTHON, "prelude.py");
    private static final Source SHARED = shared(GuestLibrary.PYTHON, Language.PYTHON);

    private static final Pattern AWAIT = Pattern.compile("\\b(?:await|async)\\b");

    private final Value prelude;
    private final Value start;
    private final Value newDict;
    private final Value setItem;
    private final Value newList;
    private final Value addItem;
    private final Value none;
    private final Value whole;

    PythonContext(Engine engine, Path resources, HostLink host) {
        super(Language.PYTHON, engine, resources, host);
        prelude = context.eval(PRELUDE).execute(api, context.eval(SHARED).execute());
        api.raiseWith(part("throw"));
        start = part("start");
        newDict = part("new_dict");
        setItem = part("set_item");
        newList = part("new_list");
        addItem = part("add_item");
        none = part("none").execute();
        whole = part("whole");
    }

    @Override
    Value part(String name) {
        return prelude.getHashValue(name);
    }

    @Override
    void prepareFor(Script script) {
        part("warm").execute(ProxyArray.fromArray(script.imports().toArray()));
        try {
            part("load").execute(script.text(), script.name());
        } catch (PolyglotException _) {
            // The run will meet the same syntax error and report it.
        }
    }

    @Override
    Value run(Script script, String parametersJson) throws ResultException {
        Value execute = start.execute(script.text(), script.name());
        if (!execute.canExecute())
            throw new ResultException(
                    "the script has no function named execute." + " Add def execute(params): … that returns a dict.");
        return part("settled").execute(execute.execute(guestValue(ParametersJson.parse(parametersJson))));
    }

    private Value guestValue(@Nullable Object value) {
        return switch (value) {
            case null -> none;
            case Map<?, ?> fields -> {
                Value dict = newDict.execute();
                fields.forEach((key, field) -> setItem.execute(dict, key, guestValue(field)));
                yield dict;
            }
            case List<?> items -> {
                Value list = newList.execute();
                items.forEach(item -> addItem.execute(list, guestValue(item)));
                yield list;
            }
            // As it is, it would be a foreign number, which no dict finds and no json.dumps writes.
            case BigInteger number -> whole.execute(number.toString(16));
            default -> context.asValue(value);
        };
    }

    @Override
    Optional<String> evaluate(Source input) {
        // Interactive sources print their value themselves, as Python's own prompt does.
        String text = input.getCharacters().toString();
        if (hasSeveralLines(text) || AWAIT.matcher(text).find()) part("enter").execute(text);
        else context.eval(input);
        return Optional.empty();
    }

    @Override
    boolean goesOn(String text) {
        return hasSeveralLines(text) && part("goes_on").execute(text).asBoolean();
    }

    /** That prompt takes one statement without empty lines; what was pasted may hold more, and some. */
    private static boolean hasSeveralLines(String text) {
        return text.stripTrailing().indexOf('\n') >= 0;
    }

    @Override
    boolean isUnfinished(String text) {
        return part("goes_on").execute(text).asBoolean();
    }

    @Override
    void beginSession() {
        part("session").execute();
    }

    @Override
    List<String> members(String path) {
        return part("members").execute(path).asString().lines().toList();
    }

    @Override
    String explanation(String path) {
        return part("explain").execute(path).asString();
    }

    @Override
    Value loop(String input) {
        return part("loop").execute(input);
    }

    @Override
    void repeat(Value loop, long times) {
        loop.executeVoid(times);
    }

    @Override
    void finish() {
        part("finish").execute();
    }

    @Override
    void announce(ToCell.Terms terms) {
        part("environment").execute(terms.home(), terms.workspace(), terms.packages());
    }
}
