package dev.understudy.sandbox.cell;

import dev.understudy.sandbox.protocol.FromCell;
import dev.understudy.sandbox.protocol.GuestLibrary;
import dev.understudy.sandbox.protocol.ToCell;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.Engine;
import org.graalvm.polyglot.HostAccess;
import org.graalvm.polyglot.PolyglotException;
import org.graalvm.polyglot.SandboxPolicy;
import org.graalvm.polyglot.Source;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.io.IOAccess;

/** One polyglot context with its files, its output and the {@code understudy} object. Used by one thread at a time. */
abstract sealed class GuestContext permits JavaScriptContext, PythonContext {
    /** One for all contexts, since an engine's contexts must agree. Buffers carry the bytes of files. */
    private static final HostAccess HOST_ACCESS = HostAccess.newBuilder(HostAccess.CONSTRAINED)
            .allowBufferAccess(true)
            .build();

    final Context context;
    final RunScope scope;
    final GuestFiles files;
    final UnderstudyApi api;
    private final List<GuestOutput> outputs;

    GuestContext(Language language, Engine engine, Path resources, HostLink host) {
        scope = new RunScope(host);
        files = new GuestFiles(resources, scope);
        outputs =
                List.of(new GuestOutput(host, FromCell.Channel.STDOUT), new GuestOutput(host, FromCell.Channel.STDERR));
        api = new UnderstudyApi(scope, files, outputs);
        context = language.configure(Context.newBuilder(language.id()))
                .engine(engine)
                .sandbox(SandboxPolicy.CONSTRAINED)
                .allowHostAccess(HOST_ACCESS)
                .allowIO(IOAccess.newBuilder().fileSystem(files).build())
                .in(InputStream.nullInputStream())
                .out(outputs.get(0))
                .err(outputs.get(1))
                .build();
    }

    /** Does ahead of a run of this script all that needs none of its code to run. */
    abstract void prepareFor(Script script);

    /** Runs the script's top level in a fresh namespace and then its {@code execute}, and awaits what that promises. */
    abstract Value run(Script script, String parametersJson) throws ResultException;

    /** A function of the language's prelude, or of what it shares with native runs. */
    abstract Value part(String name);

    /**
     * Writes a result as JSON, with the words of the language for what has no form in it.
     *
     * @throws ResultException if it has none, or takes more than {@code maxChars}
     */
    final String json(Value result, long maxChars) throws ResultException {
        try {
            return part("write").execute(result, maxChars).asString();
        } catch (PolyglotException e) {
            Value thrown = e.getGuestObject();
            if (thrown == null || !part("ResultError").isMetaInstance(thrown)) throw e;
            String message = String.valueOf(e.getMessage());
            throw new ResultException(message.substring(message.indexOf(": ") + 2));
        }
    }

    /** What a result says that has {@code success: false}. */
    final Optional<String> saidToHaveFailed(Value result) {
        Value said = part("failure").execute(result);
        return said.isNull() ? Optional.empty() : Optional.of(said.asString());
    }

    /** What led to a guest exception, to be added to its own line; may be empty. */
    final String causes(Value exception) {
        return part("causes").execute(exception).asString();
    }

    /** Whether a guest exception says that the script tried what it may not. */
    final boolean isNotAllowed(Value exception) {
        return part("NotAllowed").isMetaInstance(exception);
    }

    /** Gives the context what a person's session has beside a script; called once, before its first input. */
    abstract void beginSession();

    /** Evaluates one input of an interactive session; what it shows of the value, if anything. */
    abstract Optional<String> evaluate(Source input) throws ResultException;

    /** Whether an input, as it was typed so far, goes on in the next line; asked before it is evaluated. */
    boolean goesOn(String text) {
        return false;
    }

    /** Whether an input goes on in the next line; nothing of it runs. */
    abstract boolean isUnfinished(String text);

    /** What can be written behind a dotted path, or all names in scope for an empty one; nothing of the guest's runs. */
    abstract List<String> members(String path);

    /** What a dotted path leads to, in words; empty if it leads nowhere. Nothing of the guest's runs. */
    abstract String explanation(String path);

    /** A function that does what an input says as often as it is told. */
    abstract Value loop(String input);

    /** Calls it, and awaits what it promises. */
    abstract void repeat(Value loop, long times) throws ResultException;

    /** Lets the language finish what it buffers or promised to do at the end. */
    abstract void finish();

    final void begin(ToCell.Terms terms) {
        scope.begin(terms);
        announce(terms);
    }

    /** Tells the language of a run's places, if it keeps any of its own. */
    abstract void announce(ToCell.Terms terms);

    /** Ends a run: what it wrote and printed is with the host when this returns. */
    final void end() throws IOException {
        try {
            files.endRun();
        } finally {
            sendOutput();
            scope.end();
        }
    }

    final void sendOutput() {
        outputs.forEach(GuestOutput::sendPending);
    }

    /** Closes without running any more guest code. */
    final void dispose() {
        try {
            context.close(true);
        } catch (PolyglotException _) {
            // A context that cannot even be closed has nothing left to tell; the next one is another.
        }
    }

    static Source shared(GuestLibrary library, Language language) {
        return internal(language, library.text());
    }

    private static Source internal(Language language, String text) {
        return Source.newBuilder(language.id(), text, "understudy")
                .internal(true)
                .buildLiteral();
    }

    static Source resource(Language language, String name) {
        try (InputStream in = GuestContext.class.getResourceAsStream(name)) {
            if (in == null) throw new IllegalStateException("the cell lacks its resource " + name);
            String text = new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            return internal(language, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
