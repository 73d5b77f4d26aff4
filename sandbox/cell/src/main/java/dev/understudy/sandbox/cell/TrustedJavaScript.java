package dev.understudy.sandbox.cell;

import dev.understudy.sandbox.protocol.TrustedLanguage;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeoutException;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.HostAccess;
import org.graalvm.polyglot.PolyglotException;
import org.graalvm.polyglot.Value;
import org.jspecify.annotations.Nullable;

/** JavaScript without a sandbox. The only place where a guest meets the host's objects; no cell uses it. */
public final class TrustedJavaScript implements TrustedLanguage {
    private static final String ID = "js";
    private static final String UNDERSTUDY = "understudy";

    private @Nullable Context context;

    /** For {@link java.util.ServiceLoader}. */
    public TrustedJavaScript() {}

    @Override
    public void open(Object understudy, OutputStream out, OutputStream err) {
        Context opened = Context.newBuilder(ID)
                .allowAllAccess(true)
                .allowHostAccess(HostAccess.ALL)
                // This process's own Java has no compiler for guests, which is no fault to be told of.
                .option("engine.WarnInterpreterOnly", "false")
                .hostClassLoader(understudy.getClass().getClassLoader())
                .out(out)
                .err(err)
                .build();
        opened.getBindings(ID).putMember(UNDERSTUDY, understudy);
        context = opened;
    }

    private Context opened() {
        if (context == null) throw new IllegalStateException("it was not opened");
        return context;
    }

    @Override
    public Answer evaluate(String entry) {
        try {
            Value value = opened().eval(ID, entry);
            opened().getBindings(ID).putMember("_", value);
            if (value.isNull())
                return new Answer(Answer.Kind.VALUE, value.toString().equals("null") ? "null" : "");
            return new Answer(Answer.Kind.VALUE, shown(value));
        } catch (PolyglotException e) {
            if (e.isIncompleteSource()) return new Answer(Answer.Kind.UNFINISHED, "");
            if (e.isInterrupted()) return new Answer(Answer.Kind.FAILED, "it was interrupted");
            String said = e.isHostException() ? String.valueOf(e.asHostException()) : String.valueOf(e.getMessage());
            return new Answer(Answer.Kind.FAILED, said);
        }
    }

    private static String shown(Value value) {
        return value.isHostObject() ? String.valueOf(value.<Object>asHostObject()) : value.toString();
    }

    @Override
    public boolean isUnfinished(String entry) {
        try {
            opened().parse(ID, entry);
            return false;
        } catch (PolyglotException e) {
            return e.isIncompleteSource();
        }
    }

    private @Nullable Value at(String path) {
        Value value = opened().getBindings(ID);
        if (path.isEmpty()) return value;
        for (String name : path.split("\\.", -1)) {
            if (!value.hasMember(name)) return null;
            value = value.getMember(name);
        }
        return value;
    }

    @Override
    public List<String> members(String path) {
        Value value = at(path);
        if (value == null) return List.of();
        Set<String> names = new TreeSet<>(value.getMemberKeys());
        // Java's own, which every object has, are no help.
        if (value.isHostObject())
            names.removeAll(Set.of("equals", "getClass", "hashCode", "notify", "notifyAll", "toString", "wait"));
        return List.copyOf(names);
    }

    @Override
    public String explanation(String path) {
        Value value = at(path);
        if (value == null) return "";
        if (value.isHostObject())
            return path + ": the host's own "
                    + value.<Object>asHostObject().getClass().getName();
        return path + ": " + (value.canExecute() ? "a function of the host, or of yours" : shown(value));
    }

    @Override
    public void interrupt() {
        Thread.ofPlatform().daemon().name("interrupt").start(() -> {
            try {
                opened().interrupt(Duration.ofSeconds(5));
            } catch (TimeoutException _) {
                // It is in a method of the host, and ends when that does.
            }
        });
    }

    @Override
    public void close() {
        if (context != null) context.close(true);
    }
}
