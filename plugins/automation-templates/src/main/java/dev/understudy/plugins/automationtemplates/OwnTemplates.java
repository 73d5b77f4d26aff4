package dev.understudy.plugins.automationtemplates;

import dev.understudy.spi.AutomationTemplate;
import dev.understudy.spi.PluginContext;
import dev.understudy.spi.TaskPattern;
import java.util.List;
import java.util.Map;
import org.pf4j.Extension;

/**
 * The templates that people add as folders of data: matched by the rules of their manifests alone, without any Java.
 * An automation names the template that it came from, not this extension. It is asked before the built-in ones, since what a
 * person wrote for a kind of task is meant to replace what is built in for it.
 */
@Extension(ordinal = -1)
public final class OwnTemplates implements AutomationTemplate {
    private final Templates templates;

    /** All templates in the host's folders that no extension of its own stands for. */
    public OwnTemplates(PluginContext context) {
        templates = Templates.all(context.templateDirectories());
    }

    private List<Manifest> manifests() {
        templates.report();
        return templates.own();
    }

    @Override
    public String name() {
        return "own_templates";
    }

    @Override
    public String description() {
        List<Manifest> manifests = manifests();
        return manifests.isEmpty()
                ? "Your own templates; there are none."
                : "Your own templates: "
                        + String.join(
                                ", ", manifests.stream().map(Manifest::name).toList()) + ".";
    }

    @Override
    public List<Entry> entries() {
        return templates.entries(name -> !Templates.BUILT_IN.contains(name));
    }

    @Override
    public Answer propose(TaskPattern pattern, Request request) {
        var nearest = new Answer.NotMine("no template knows how to do '" + printable(pattern) + "'", 0);
        for (Manifest manifest : manifests()) {
            try {
                var matcher = new TaskMatcher(manifest, pattern);
                if (!matcher.isOfMyTypes()) continue;
                TaskMatcher.Match match = matcher.match();
                return AutomationWriter.write(
                        manifest,
                        pattern,
                        match.operation(),
                        match.values(),
                        values -> example(match.operation(), values),
                        request.language());
            } catch (NotAutomatable e) {
                if (e.answer().relevance() > nearest.relevance()) nearest = e.answer();
            }
        }
        return nearest;
    }

    /** Pretends what the script reads; what it makes of that only its author knows. */
    private static Rehearsal.Example example(Manifest.Operation operation, Map<String, List<String>> values) {
        var example = new Rehearsal.Example();
        for (String name : operation.reads()) {
            boolean isFolder = isFolder(operation, name);
            for (String path : values.getOrDefault(name, List.of())) {
                if (isFolder) {
                    String inside = Paths.trimSlashes(path) + "/example.txt";
                    example.folder(path).file(inside, FileRehearsals.text(inside));
                    continue;
                }
                String file = Globs.hasWildcard(path) ? Globs.example(path, "example") : path;
                example.file(file, FileRehearsals.text(file));
            }
        }
        for (String name : operation.writes())
            if (isFolder(operation, name)) values.getOrDefault(name, List.of()).forEach(example::folder);
        return example;
    }

    private static boolean isFolder(Manifest.Operation operation, String name) {
        Manifest.Parameter parameter = operation.parameters().get(name);
        return parameter != null && parameter.kind() == Manifest.Kind.FOLDER;
    }

    private static String printable(TaskPattern pattern) {
        String type = pattern.taskType().replaceAll("[\\p{Cntrl}\\p{Zl}\\p{Zp}]+", " ");
        return type.length() <= 60 ? type : type.substring(0, 59) + "…";
    }
}
