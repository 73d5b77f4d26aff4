package dev.understudy.core.executor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.understudy.core.store.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Keeps what circuit breakers know in the store, so that a command that is gone after one run knows it, too. */
public final class StoredBreakerStates implements BreakerStates {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Supplier<Database> opener;
    private volatile @Nullable Database opened;

    /** @param opener asked once, when it is needed first */
    public StoredBreakerStates(Supplier<Database> opener) {
        this.opener = opener;
    }

    private Database database() {
        Database database = opened;
        if (database == null) {
            database = opener.get();
            opened = database;
        }
        return database;
    }

    @Override
    public Optional<Kept> find(String automationId) {
        return database()
                .read(handle -> handle.createQuery("SELECT * FROM circuit_breaker WHERE automation_id = ?")
                        .bind(0, automationId)
                        .map((row, _) -> kept(row))
                        .findOne());
    }

    @Override
    public List<Kept> all() {
        return database()
                .read(handle -> handle.createQuery("SELECT * FROM circuit_breaker ORDER BY automation_id")
                        .map((row, _) -> kept(row))
                        .list());
    }

    @Override
    public void put(Kept kept) {
        Instant opened = kept.openedAt();
        database().change(handle -> {
            if (opened == null && kept.failures().isEmpty())
                handle.execute("DELETE FROM circuit_breaker WHERE automation_id = ?", kept.automationId());
            else
                handle.execute(
                        "INSERT OR REPLACE INTO circuit_breaker (automation_id, failures_json, opened_at) VALUES (?, ?, ?)",
                        kept.automationId(),
                        json(kept.failures()),
                        opened == null ? null : opened.toEpochMilli());
        });
    }

    private static Kept kept(ResultSet row) throws SQLException {
        long opened = row.getLong("opened_at");
        Instant openedAt = row.wasNull() ? null : Instant.ofEpochMilli(opened);
        return new Kept(row.getString("automation_id"), failures(row.getString("failures_json")), openedAt);
    }

    private static Map<String, Integer> failures(String json) {
        try {
            return JSON.readValue(json, new TypeReference<>() {});
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("what was written as JSON is JSON", e);
        }
    }

    private static String json(Map<String, Integer> failures) {
        try {
            return JSON.writeValueAsString(failures);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("numbers are always JSON", e);
        }
    }
}
