package dev.understudy.plugins.automationtemplates;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Says, for the parameters of one observed task, which files a rehearsal needs and what it must then change. */
interface Rehearsal {

    /**
     * The example for one task.
     *
     * @param values what each parameter of the operation held; a single value is a list of one
     */
    Example example(Map<String, List<String>> values);

    /** Files that a test pretends exist, and the changes that it expects. */
    final class Example {
        private final Map<String, Map<String, Object>> files = new LinkedHashMap<>();
        private final List<Map<String, Object>> changes = new ArrayList<>();

        Example file(String path, String text) {
            var file = new LinkedHashMap<String, Object>();
            file.put("path", path);
            file.put("text", text);
            files.putIfAbsent(path, file);
            return this;
        }

        Example folder(String path) {
            var folder = new LinkedHashMap<String, Object>();
            folder.put("path", Paths.trimSlashes(path));
            folder.put("directory", true);
            files.putIfAbsent(Paths.trimSlashes(path), folder);
            return this;
        }

        /**
         * Expects a file to have the text. Whether that creates or changes it is left open: the person did the task
         * before, so the file may well be there.
         */
        Example written(String path, String text) {
            var change = new LinkedHashMap<String, Object>();
            change.put("path", path);
            change.put("text", text);
            changes.add(change);
            return this;
        }

        /** Expects a file to be written with contents that cannot be told beforehand. */
        Example written(String path) {
            changes.add(new LinkedHashMap<>(Map.of("path", path)));
            return this;
        }

        Example deleted(String path) {
            var change = new LinkedHashMap<String, Object>();
            change.put("path", path);
            change.put("kind", "deleted");
            changes.add(change);
            return this;
        }

        List<Map<String, Object>> files() {
            return List.copyOf(files.values());
        }

        List<Map<String, Object>> changes() {
            return List.copyOf(changes);
        }
    }
}
