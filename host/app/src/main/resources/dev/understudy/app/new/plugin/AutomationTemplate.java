package __PACKAGE__;

import dev.understudy.spi.AutomationTemplate;
import dev.understudy.spi.ScriptLanguage;
import dev.understudy.spi.TaskPattern;
import java.util.Map;
import org.pf4j.Extension;

/** Writes an automation for tasks {@code note} with a text. */
@Extension
public final class __CLASS__ implements AutomationTemplate {
    @Override
    public String name() {
        return "__NAME__";
    }

    @Override
    public String description() {
        return "Notes a text";
    }

    @Override
    public Answer propose(TaskPattern pattern, Request request) {
        if (!pattern.taskType().equals("note")) return new Answer.NotMine("only 'note' is for __NAME__", 0.1);
        if (!pattern.parameters().equals(Map.of("text", "{text}")) || pattern.observations().isEmpty())
            return new Answer.NotMine("only notes of one text, which varies, can be automated", 0.8);
        String text = pattern.observations().getFirst().bindings().get("text");
        // Values are parameters and test data, never code. Those that TOML would want escaped are left alone here.
        if (!text.matches("[\\p{Alnum} .,_-]*"))
            return new Answer.NotMine("only notes of letters, digits and blanks can be automated", 0.9);
        return new Answer.Draft("note", ScriptLanguage.PYTHON, """
                # /// automation
                # id = "note"
                # description = "Notes a text."
                # language = "python"
                # parameters.text = { type = "string", description = "What to note." }
                #
                # [[tests]]
                # params = { text = "%s" }
                # expect = { success = true }
                # ///
                def execute(params):
                    return {"success": True, "note": params["text"]}
                """.formatted(text));
    }
}
