package dev.understudy.plugins.automationtemplates;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Says, for the parameters of one observed task, which files a rehearsal needs and what it must then change. */
interface Rehearsal {

    /**
     * The example for one task.
     *
     * @param values what each parameter of the operation held; a single value is a list of one
     */
    Example example(Map<String, List<String>> values);

    /**
     * Situations that life holds and that a command of this kind may meet: private files and old ones, programs, links,
     * names and cells that are none of the usual. What must come of them only the program itself says, so they have no
     * expectations.
     *
     * @param values as of {@link #example}
     */
    default List<Example> situations(Map<String, List<String>> values) {
        return List.of();
    }

    /** One that is given by its two functions. */
    static Rehearsal of(
            Function<Map<String, List<String>>, Example> example,
            Function<Map<String, List<String>>, List<Example>> situations) {
        return new Rehearsal() {
            @Override
            public Example example(Map<String, List<String>> values) {
                return example.apply(values);
            }

            @Override
            public List<Example> situations(Map<String, List<String>> values) {
                return situations.apply(values);
            }
        };
    }

    /** Files that a test pretends exist, and the changes that it expects. */
    final class Example {
        private final Map<String, Map<String, Object>> files = new LinkedHashMap<>();
        private static final String BEFORE = "Rehearsal stand-in for what was there before\n";

        private final Map<String, Object> parameters = new LinkedHashMap<>();
        private final List<Map<String, Object>> changes = new ArrayList<>();
        private final List<Map<String, Object>> responses = new ArrayList<>();
        private final Map<String, Object> result = new LinkedHashMap<>();

        @Nullable
        private String recordedOutput;

        private List<String> recordedInputs = List.of();

        Example file(String path, String text) {
            var file = new LinkedHashMap<String, Object>();
            file.put("path", path);
            file.put("text", text);
            files.putIfAbsent(path, file);
            return this;
        }

        /** A file with permissions ({@code 0600}) and a time of its own. */
        Example file(String path, String text, String mode, String modified) {
            file(path, text);
            Map<String, Object> file = Objects.requireNonNull(files.get(path));
            file.put("mode", mode);
            file.put("modified", modified);
            return this;
        }

        /** A file of which the contents are no text, given in Base64. */
        Example packed(String path, String base64) {
            var file = new LinkedHashMap<String, Object>();
            file.put("path", path);
            file.put("base64", base64);
            files.putIfAbsent(path, file);
            return this;
        }

        /** A packed file with permissions and a time of its own. */
        Example packed(String path, String base64, String mode, String modified) {
            packed(path, base64);
            Map<String, Object> file = Objects.requireNonNull(files.get(path));
            file.put("mode", mode);
            file.put("modified", modified);
            return this;
        }

        /** A symbolic link; {@code target} as it stands in it. */
        Example link(String path, String target) {
            var link = new LinkedHashMap<String, Object>();
            link.put("path", path);
            link.put("link", target);
            files.putIfAbsent(path, link);
            return this;
        }

        /** That the task leaves one file, made of others that it leaves alone: where both are there, they are a test. */
        Example made(String output, List<String> inputs) {
            recordedOutput = output;
            recordedInputs = List.copyOf(inputs);
            return this;
        }

        Optional<String> recordedOutput() {
            return Optional.ofNullable(recordedOutput);
        }

        List<String> recordedInputs() {
            return recordedInputs;
        }

        Example folder(String path) {
            var folder = new LinkedHashMap<String, Object>();
            folder.put("path", Paths.trimSlashes(path));
            folder.put("directory", true);
            files.putIfAbsent(Paths.trimSlashes(path), folder);
            return this;
        }

        /**
         * Expects a file to get the text. The person did the task before, so the file may or may not be there: that
         * the rehearsal holds wherever it runs, it pretends one to be there that then changes.
         */
        Example written(String path, String text) {
            file(path, BEFORE);
            return change(path, "changed", text);
        }

        /** Expects a file to get contents that cannot be told beforehand; {@code before} is what it pretends there. */
        Example rewritten(String path, String before) {
            file(path, before);
            return change(path, "changed", null);
        }

        /** Passes another value for a parameter than its default. */
        Example parameter(String name, Object value) {
            parameters.put(name, value);
            return this;
        }

        /** Answers a request of the script, so that none is sent. */
        Example response(String method, String url, int status, String text) {
            var response = new LinkedHashMap<String, Object>();
            response.put("method", method);
            response.put("url", url);
            response.put("status", status);
            response.put("text", text);
            responses.add(response);
            return this;
        }

        /** Expects a field of the result. */
        Example result(String field, Object value) {
            result.put(field, value);
            return this;
        }

        /** Says nothing of the changes, since files that nobody recorded may be among them. */
        Example withoutChanges() {
            changes.clear();
            return this;
        }

        Example deleted(String path) {
            return change(path, "deleted", null);
        }

        private Example change(String path, String kind, @Nullable String text) {
            var change = new LinkedHashMap<String, Object>();
            change.put("path", path);
            change.put("kind", kind);
            if (text != null) change.put("text", text);
            changes.add(change);
            return this;
        }

        Map<String, Object> parameters() {
            return Collections.unmodifiableMap(parameters);
        }

        List<Map<String, Object>> responses() {
            return List.copyOf(responses);
        }

        Map<String, Object> result() {
            return Collections.unmodifiableMap(result);
        }

        List<Map<String, Object>> files() {
            return List.copyOf(files.values());
        }

        List<Map<String, Object>> changes() {
            return List.copyOf(changes);
        }
    }
}
