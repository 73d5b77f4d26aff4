package dev.understudy.plugins.automationtemplates;

import dev.understudy.spi.AutomationTemplate;
import dev.understudy.spi.PluginContext;
import dev.understudy.spi.TaskPattern;
import java.util.List;

/** A template of which the data lies in a folder of its name. */
abstract class ManifestTemplate implements AutomationTemplate {
    private final String name;
    private final String description;
    private final Templates templates;

    ManifestTemplate(PluginContext context, String name, String description) {
        this.name = name;
        this.description = description;
        templates = Templates.only(name, context.templateDirectories());
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String description() {
        return templates.description(name, description);
    }

    @Override
    public List<Entry> entries() {
        return templates.entries(name::equals);
    }

    @Override
    public Answer propose(TaskPattern pattern, Request request) {
        try {
            return answer(templates.require(name), pattern, request);
        } catch (NotAutomatable e) {
            return e.answer();
        }
    }

    @Override
    public boolean looksOnly(TaskPattern pattern) {
        return pattern.sequence().isEmpty() && Looking.only(pattern);
    }

    abstract Answer answer(Manifest manifest, TaskPattern pattern, Request request) throws NotAutomatable;
}
