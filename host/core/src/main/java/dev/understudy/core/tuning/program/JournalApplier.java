package dev.understudy.core.tuning.program;

import dev.understudy.core.problem.UserException;
import dev.understudy.core.tuning.ParameterApplier;
import dev.understudy.core.tuning.journal.ParameterJournal;
import dev.understudy.core.tuning.journal.Restoration;
import dev.understudy.core.tuning.journal.Restoration.Outcome;
import dev.understudy.core.tuning.journal.Session;
import dev.understudy.spi.tuning.ParameterTarget;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Puts values in force by a parameter target, every change written down in the journal before it is made. */
public final class JournalApplier implements ParameterApplier {
    private final ParameterJournal journal;
    private final String purpose;
    private final ParameterTarget target;
    private final String recipe;
    private final Function<Map<String, Object>, Map<String, String>> formatted;
    private @Nullable Session session;

    /**
     * @param purpose of the journal's sessions, a noun phrase
     * @param recipe how another process makes this target; empty for a plugin's
     * @param formatted gives what to write for a candidate's values, by the target's names
     */
    public JournalApplier(
            ParameterJournal journal,
            String purpose,
            ParameterTarget target,
            String recipe,
            Function<Map<String, Object>, Map<String, String>> formatted) {
        this.journal = journal;
        this.purpose = purpose;
        this.target = target;
        this.recipe = recipe;
        this.formatted = formatted;
    }

    @Override
    public void apply(Map<String, Object> values) throws IOException, InterruptedException {
        try {
            open().set(target, new LinkedHashMap<>(formatted.apply(values)));
        } catch (UserException e) {
            throw e;
        } catch (RuntimeException | LinkageError e) {
            // A target is a plugin's.
            throw new IOException("the target " + target.name() + " failed: " + e, e);
        }
    }

    private Session open() throws IOException, InterruptedException {
        Session opened = session;
        if (opened == null) {
            opened = journal.begin(purpose);
            session = opened;
            if (!recipe.isEmpty()) opened.recipe(target, recipe);
        }
        return opened;
    }

    @Override
    public void restore() throws IOException {
        Session opened = session;
        if (opened == null) return;
        session = null;
        opened.close();
        List<Restoration> failed = opened.restorations().stream()
                .filter(each -> each.outcome() == Outcome.FAILED)
                .toList();
        if (!failed.isEmpty())
            throw new IOException(failed.stream().map(Restoration::text).collect(Collectors.joining("; ")));
    }

    /**
     * Puts values in force to stay; the journal keeps what was there before, to be put back on demand.
     *
     * @throws IOException if they are refused, with a clause for people; then nothing stays
     */
    public void keep(Map<String, Object> values) throws IOException, InterruptedException {
        try {
            apply(values);
            open().keep(target, formatted.apply(values).keySet());
        } finally {
            restore();
        }
    }
}
