package dev.understudy.plugins.automationtemplates;

import dev.understudy.plugins.automationtemplates.Manifest.Kind;
import dev.understudy.plugins.automationtemplates.Manifest.Operation;
import dev.understudy.plugins.automationtemplates.Manifest.Parameter;
import dev.understudy.plugins.automationtemplates.ShellCommand.Observed;
import dev.understudy.plugins.automationtemplates.Value.Word;
import dev.understudy.spi.Task;
import dev.understudy.spi.TaskPattern;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Finds the operation of a template that a recorded task with named parameters was, by the manifest's own rules. */
final class TaskMatcher {

    /** The operation, and what the pattern gives for its parameters. */
    record Match(Operation operation, Map<String, Value> values) {}

    private final Manifest manifest;
    private final TaskPattern pattern;
    private final Observed observed;
    private final Shape folder;

    TaskMatcher(Manifest manifest, TaskPattern pattern) {
        this.manifest = manifest;
        this.pattern = pattern;
        this.observed = Observed.of(pattern);
        this.folder = pattern.parameters().get(Task.WORKING_DIRECTORY) instanceof String text
                ? Shape.parse(text)
                : new Shape(List.of());
    }

    /** Whether the pattern's type is one that the manifest names. */
    boolean isOfMyTypes() {
        String type = normal(pattern.taskType());
        return manifest.types().contains(type)
                || manifest.operations().stream()
                        .anyMatch(operation -> operation.types().contains(type));
    }

    /**
     * The first operation whose parameters fit.
     *
     * @throws NotAutomatable with what keeps the best candidate from fitting
     */
    Match match() throws NotAutomatable {
        String type = normal(pattern.taskType());
        Optional<String> actionName = manifest.types().contains(type)
                ? manifest.actionNames().stream()
                        .filter(pattern.parameters()::containsKey)
                        .findFirst()
                : Optional.empty();
        Optional<String> action = actionName.map(
                name -> normal(String.valueOf(pattern.parameters().get(name))));
        NotAutomatable nearest = null;
        for (Operation operation : manifest.operations()) {
            boolean candidate = operation.types().contains(type)
                    || action.filter(operation.actions()::contains).isPresent();
            if (!candidate) continue;
            try {
                if (ShellCommand.is(pattern))
                    return new Match(operation, CommandLine.values(operation, ShellCommand.read(pattern)));
                return new Match(operation, values(operation, action.isPresent() ? actionName : Optional.empty()));
            } catch (NotAutomatable e) {
                if (nearest == null) nearest = e;
            }
        }
        if (nearest != null) throw nearest;
        if (!isOfMyTypes()) throw Looking.notMine(pattern);
        throw NotAutomatable.mine(action.map(each -> "its operation '" + each + "' is none of this template's")
                .orElse("it does not say which operation it was (one of the parameters "
                        + String.join(", ", manifest.actionNames()) + ")"));
    }

    /** The way types and actions are compared: lower case, with underscores. */
    static String normal(String name) {
        return name.strip()
                .replaceAll("([a-z0-9])([A-Z])", "$1_$2")
                .toLowerCase(Locale.ROOT)
                .replaceAll("[\\s.:/-]+", "_");
    }

    private Map<String, Value> values(Operation operation, Optional<String> actionName) throws NotAutomatable {
        var left = new LinkedHashSet<>(pattern.parameters().keySet());
        left.remove(Task.WORKING_DIRECTORY);
        left.remove(Task.EFFECTS);
        left.removeAll(manifest.ignored());
        actionName.ifPresent(left::remove);
        var values = new LinkedHashMap<String, Value>();
        for (var entry : operation.parameters().entrySet()) {
            Parameter parameter = entry.getValue();
            Optional<String> given =
                    parameter.names().stream().filter(left::contains).findFirst();
            Optional<String> within =
                    parameter.patternNames().stream().filter(left::contains).findFirst();
            Optional<String> sibling =
                    parameter.siblingNames().stream().filter(left::contains).findFirst();
            if (sibling.isPresent() && given.isEmpty() && !values.isEmpty()) {
                left.remove(sibling.get());
                values.put(entry.getKey(), sibling(values.values().iterator().next(), sibling.get()));
                continue;
            }
            given.ifPresent(left::remove);
            if (within.isPresent()) {
                left.remove(within.get());
                values.put(entry.getKey(), patternWithin(given, within.get()));
            } else if (given.isPresent()) {
                values.put(entry.getKey(), value(given.get(), parameter.kind()));
            } else if (parameter.standard().isEmpty()) {
                throw NotAutomatable.mine("it does not say " + parameter.names().getFirst());
            }
        }
        if (!left.isEmpty())
            throw NotAutomatable.mine("it has the parameter '" + left.getFirst()
                    + "', of which this template does not know what it changes");
        return values;
    }

    private Value sibling(Value first, String name) throws NotAutomatable {
        if (!(pattern.parameters().get(name) instanceof String text) || !(first instanceof Value.Text(Shape path)))
            throw NotAutomatable.mine("its " + name + " is no text");
        Shape bare = Shape.parse(text);
        for (String each : observed.texts(new Word.One(bare)))
            if (each.contains("/")) throw NotAutomatable.mine("its " + name + " is a path, not a bare name");
        if (path.wholeVariable().isPresent())
            throw NotAutomatable.mine("it names only the new name, and the folder varies");
        Shape inFolder = path.folder()
                .map(inside -> inside.plus(Shape.literal("/")).plus(bare))
                .orElse(bare);
        return new Value.Text(inFolder);
    }

    private Value patternWithin(Optional<String> folderName, String patternName) throws NotAutomatable {
        if (!(pattern.parameters().get(patternName) instanceof String names))
            throw NotAutomatable.mine("its " + patternName + " is no text");
        Shape pathPattern = Shape.parse(names);
        if (folderName.isPresent()) {
            if (!(pattern.parameters().get(folderName.get()) instanceof String inside))
                throw NotAutomatable.mine("its " + folderName.get() + " is no single folder");
            pathPattern = ShellCommand.resolve(Shape.parse(inside), pathPattern, observed);
        }
        return Value.Words.of(path(Shell.NONE.portable(pathPattern, observed)));
    }

    private Value value(String name, Kind kind) throws NotAutomatable {
        Object raw = pattern.parameters().get(name);
        if (raw instanceof List<?> items) {
            if (!kind.isList()) {
                if (items.size() == 1
                        && items.getFirst() instanceof String text
                        && Shape.listVariable(text).isEmpty()) return single(name, text, kind);
                throw NotAutomatable.mine("its " + name + " is a list, not a single one");
            }
            var words = new ArrayList<Word>();
            for (Object item : items) words.add(word(name, item, kind));
            return new Value.Words(words);
        }
        if (raw instanceof Map || raw == null) throw NotAutomatable.mine("its " + name + " is an object");
        String text = raw instanceof String template
                ? template
                : Shape.literal(String.valueOf(raw)).template();
        Value single = single(name, text, kind);
        return kind.isList() && single instanceof Value.Text(Shape shape) ? Value.Words.of(shape) : single;
    }

    private Word word(String name, Object item, Kind kind) throws NotAutomatable {
        if (item instanceof Map || item instanceof List)
            throw NotAutomatable.mine("its " + name + " holds more than texts");
        String text = item instanceof String template ? template : String.valueOf(item);
        Optional<String> run = Shape.listVariable(text);
        if (run.isPresent()) {
            var elements = new Word.Run(run.get(), kind.isPath() ? folder : new Shape(List.of()));
            if (kind == Kind.PATHS) Shell.NONE.requirePortable(observed.texts(elements));
            return elements;
        }
        Shape shape = Shape.parse(text);
        if (kind == Kind.PATHS) shape = Shell.NONE.portable(shape, observed);
        return new Word.One(kind.isPath() ? path(shape) : shape);
    }

    private Value single(String name, String template, Kind kind) throws NotAutomatable {
        Shape shape = Shape.parse(template);
        List<String> texts = observed.texts(new Word.One(shape));
        if (kind.isPath() && texts.stream().anyMatch(String::isBlank))
            throw NotAutomatable.mine("its " + name + " is empty");
        if ((kind == Kind.PATH || kind == Kind.FOLDER) && texts.stream().anyMatch(Globs::hasWildcard))
            throw NotAutomatable.mine("its " + name + " is a pattern of file names, not a single file");
        if (kind == Kind.PATHS) shape = Shell.NONE.portable(shape, observed);
        return new Value.Text(kind.isPath() ? path(shape) : shape);
    }

    private Shape path(Shape shape) throws NotAutomatable {
        return ShellCommand.resolve(folder, shape, observed);
    }
}
