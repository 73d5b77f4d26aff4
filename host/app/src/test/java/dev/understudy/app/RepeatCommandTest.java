package dev.understudy.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.understudy.core.audit.AuditEntry;
import dev.understudy.core.audit.AuditKind;
import dev.understudy.core.automation.LoggedRun;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RepeatCommandTest {
    private static final String HERE = Path.of("").toAbsolutePath().toString();

    private static RepeatCommand of(String automation, String details) throws Exception {
        var entry = new AuditEntry(
                1,
                Instant.EPOCH,
                AuditKind.RUN_STARTED.id(),
                automation,
                new ObjectMapper().readTree(details.replace("HERE", HERE)),
                "");
        return new RepeatCommand(new LoggedRun(entry, Optional.empty(), Optional.empty()), "understudy");
    }

    @Test
    void givesEachValueAsAPersonTypesIt() throws Exception {
        assertThat(of("tidy", """
                {"run": "r", "mode": "commit", "folder": "HERE",
                 "parameters": {"name": "it's", "days": 30, "tags": ["a, b", "c"], "deep": true}}
                """).text())
                .isEqualTo("understudy run tidy -p days=30 -p deep=true -p 'name=it'\\''s' -p 'tags=[\"a, b\",\"c\"]'");
    }

    @Test
    void goesWhereTheRunWas() throws Exception {
        assertThat(of("", """
                {"run": "r", "mode": "rehearse", "file": "a b.py", "folder": "/srv/my data", "parameters": {}}
                """).text()).isEqualTo("cd '/srv/my data' && understudy run 'a b.py' --dry-run");
    }

    @Test
    void resumesAWorkflow() throws Exception {
        assertThat(of("steps", """
                {"run": "r", "mode": "commit", "folder": "HERE", "steps": 3, "parameters": {"a": "b"}}
                """).text()).isEqualTo("understudy run steps --resume");
    }

    @Test
    void leavesSecretsOutAndNamesThem() throws Exception {
        RepeatCommand command = of("tidy", """
                {"run": "r", "mode": "commit", "folder": "HERE", "parameters": {"token": "<secret>", "to": "x"}}
                """);
        assertThat(command.text()).isEqualTo("understudy run tidy -p to=x");
        assertThat(command.secrets()).containsExactly("token");
    }
}
