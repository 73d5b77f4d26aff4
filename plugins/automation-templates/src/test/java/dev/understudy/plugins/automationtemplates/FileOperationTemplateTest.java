package dev.understudy.plugins.automationtemplates;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.spi.AutomationTemplate.Answer.Draft;
import dev.understudy.spi.AutomationTemplate.Request;
import dev.understudy.spi.PluginContext;
import dev.understudy.spi.ScriptLanguage;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class FileOperationTemplateTest {
    private static final Path BUILT_IN = Path.of(Objects.requireNonNull(System.getProperty("understudy.root")))
            .resolve("templates");

    private final FileOperationTemplate template = new FileOperationTemplate(new PluginContext(List.of(BUILT_IN)));

    @Test
    void writesACopyWithTheVariablePartAsParameter() {
        var pattern = Patterns.shell("cp", "~/{name}.txt", "/bak/{name}.txt")
                .seen("name", "c")
                .seen("name", "b")
                .seen("name", "a")
                .build();

        var answer = template.propose(pattern, new Request(ScriptLanguage.PYTHON));

        assertThat(answer).isInstanceOfSatisfying(Draft.class, draft -> {
            assertThat(draft.id()).isEqualTo("copy-txt-to-bak");
        });
    }
}
