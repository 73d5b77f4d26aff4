package dev.understudy.core.optimization;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.understudy.core.optimization.Advice.Change;
import dev.understudy.core.problem.UserException;
import dev.understudy.core.store.Database;
import dev.understudy.spi.system.Workload;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The advice that stands, and what a person does not want to hear again. Safe for use by several threads and processes. */
public final class AdviceStore {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Database database;

    public AdviceStore(Database database) {
        this.database = database;
    }

    /**
     * Puts the advice of one kind of work in place of what was given for it before.
     *
     * @return what is new and not silenced
     */
    public List<Advice> give(Workload workload, List<Advice> advice) {
        return database.write(handle -> {
            Set<String> known = new HashSet<>(handle.createQuery("SELECT id FROM setting_advice WHERE workload = ?")
                    .bind(0, workload.id())
                    .mapTo(String.class)
                    .list());
            known.addAll(handle.createQuery("SELECT id FROM silenced_advice")
                    .mapTo(String.class)
                    .list());
            handle.execute("DELETE FROM setting_advice WHERE workload = ?", workload.id());
            var news = new ArrayList<Advice>();
            for (Advice each : advice) {
                handle.execute(
                        "INSERT OR REPLACE INTO setting_advice (id, workload, changes, reason, evidence, apply_command,"
                                + " undo_command, made_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                        each.id(),
                        workload.id(),
                        write(each.changes()),
                        each.reason(),
                        write(each.evidence()),
                        each.apply(),
                        each.undo(),
                        each.madeAt().toEpochMilli());
                if (!known.contains(each.id())) news.add(each);
            }
            return news;
        });
    }

    /** The advice that is not silenced, by workload and id. */
    public List<Advice> standing() {
        Set<String> silenced = silenced();
        return all().stream().filter(each -> !silenced.contains(each.id())).toList();
    }

    /** All advice, by workload and id. */
    public List<Advice> all() {
        return database.read(handle -> handle.createQuery("SELECT * FROM setting_advice ORDER BY workload, id")
                .map((row, _) -> advice(row))
                .list());
    }

    /** The ids that are silenced, whether there is such advice now or not. */
    public Set<String> silenced() {
        return database.read(handle -> Set.copyOf(handle.createQuery("SELECT id FROM silenced_advice")
                .mapTo(String.class)
                .list()));
    }

    /**
     * Does not tell of advice again.
     *
     * @throws UserException if no advice has this id
     */
    public void silence(String id, Instant now) {
        if (all().stream().noneMatch(each -> each.id().equals(id)))
            throw UserException.badInput(
                    "There is no advice '" + id + "'",
                    "none that was given has this id",
                    "'workload advice --all' lists it");
        database.change(handle -> handle.execute(
                "INSERT OR IGNORE INTO silenced_advice (id, silenced_at) VALUES (?, ?)", id, now.toEpochMilli()));
    }

    /**
     * Tells of advice again.
     *
     * @throws UserException if it is not silenced
     */
    public void hear(String id) {
        int removed = database.write(handle -> handle.execute("DELETE FROM silenced_advice WHERE id = ?", id));
        if (removed == 0)
            throw UserException.badInput(
                    "The advice '" + id + "' is not silenced",
                    "nobody silenced it",
                    "'workload advice --all' lists all");
    }

    private static Advice advice(ResultSet row) throws SQLException {
        String workload = row.getString("workload");
        return new Advice(
                row.getString("id"),
                new Workload(workload),
                read(row.getString("changes"), new TypeReference<List<Change>>() {}),
                row.getString("reason"),
                read(row.getString("evidence"), new TypeReference<List<String>>() {}),
                row.getString("apply_command"),
                row.getString("undo_command"),
                Instant.ofEpochMilli(row.getLong("made_at")));
    }

    private static String write(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("records of texts are always JSON", e);
        }
    }

    private static <T> T read(String json, TypeReference<T> type) {
        try {
            return JSON.readValue(json, type);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the store holds '" + json + "'", e);
        }
    }
}
