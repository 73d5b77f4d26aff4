package dev.understudy.core.optimization;

import dev.understudy.core.optimization.Parameters.Found;
import dev.understudy.core.tuning.ParameterApplier;
import dev.understudy.core.tuning.journal.ParameterJournal;
import dev.understudy.core.tuning.journal.Restoration;
import dev.understudy.core.tuning.journal.Restoration.Outcome;
import dev.understudy.core.tuning.journal.Session;
import dev.understudy.spi.tuning.ParameterTarget;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Sets parameters by way of the journal, which backs them up before, and puts them back by it. */
final class JournalledParameters implements ParameterApplier {
    private final ParameterJournal journal;
    private final List<Found> parameters;
    private final String purpose;
    private @Nullable Session session;

    /** @param purpose a noun phrase for people */
    JournalledParameters(ParameterJournal journal, List<Found> parameters, String purpose) {
        this.journal = journal;
        this.parameters = List.copyOf(parameters);
        this.purpose = purpose;
    }

    @Override
    public void apply(Map<String, Object> values) throws IOException, InterruptedException {
        Session open = session;
        if (open == null) {
            open = journal.begin(purpose);
            session = open;
        }
        for (Map.Entry<ParameterTarget, Map<String, String>> each :
                texts(values).entrySet()) open.set(each.getKey(), each.getValue());
    }

    private Map<ParameterTarget, Map<String, String>> texts(Map<String, Object> values) {
        var texts = new LinkedHashMap<ParameterTarget, Map<String, String>>();
        for (Found each : parameters) {
            Object value = values.get(each.name());
            if (value != null)
                texts.computeIfAbsent(each.target(), _ -> new LinkedHashMap<>()).put(each.name(), each.text(value));
        }
        return texts;
    }

    /** Lets what is set stand after {@link #restore}; {@code tune restore} puts it back when a person says so. */
    void keep() throws IOException {
        Session open = session;
        if (open == null) throw new IllegalStateException("nothing has been set");
        for (Found each : parameters) open.keep(each.target(), List.of(each.name()));
    }

    @Override
    public void restore() throws IOException {
        Session open = session;
        if (open == null) return;
        open.close();
        var failures = new ArrayList<String>();
        for (Restoration each : open.restorations()) if (each.outcome() == Outcome.FAILED) failures.add(each.text());
        if (!failures.isEmpty()) throw new IOException(String.join("; ", failures));
    }
}
