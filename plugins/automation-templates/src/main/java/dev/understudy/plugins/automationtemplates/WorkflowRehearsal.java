package dev.understudy.plugins.automationtemplates;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One test of all steps, from the tests that each of them would have alone: a file that one step makes is there for the
 * next, so it is not pretended; and what changes is told as seen from before the first step.
 */
final class WorkflowRehearsal {
    /** What is pretended before the first step: the text of a file, or null for a folder. */
    private final Map<String, @Nullable String> staged = new LinkedHashMap<>();

    /** What the steps so far have left: a file's text if it is known. */
    private final Map<String, Left> left = new LinkedHashMap<>();

    /** Contents, in Base64, of pretended files that hold no text. */
    private final Map<String, String> base64 = new LinkedHashMap<>();

    private boolean changesKnown = true;

    /** What a step has left of a file: whether it is there, and its text unless that cannot be told. */
    private record Left(boolean present, @Nullable String text) {}

    private WorkflowRehearsal() {}

    static Map<String, Object> of(List<StepDraft> steps, SharedParameters shared, String name) {
        var rehearsal = new WorkflowRehearsal();
        var params = new LinkedHashMap<String, Object>();
        for (StepDraft step : steps) {
            Map<String, Object> test = step.tests().getFirst();
            shared.passed(step, StepDraft.object(test.getOrDefault("params", Map.of())))
                    .forEach(params::putIfAbsent);
            rehearsal.add(test);
        }
        return rehearsal.test(name, params);
    }

    private void add(Map<String, Object> test) {
        boolean fromEarlier = false;
        for (Map<String, Object> file : StepDraft.objects(test.getOrDefault("files", List.of()))) {
            String path = String.valueOf(file.get("path"));
            String text = file.containsKey("text") ? String.valueOf(file.get("text")) : null;
            Left made = left.get(path);
            if (made == null) {
                if (file.get("base64") instanceof String contents && !staged.containsKey(path))
                    base64.put(path, contents);
                staged.putIfAbsent(path, text);
            } else if (!made.present) changesKnown = false; // An earlier step has taken it away.
            else fromEarlier |= text == null || made.text == null || !traceBack(path, made.text, text);
        }
        Map<String, Object> expect = StepDraft.object(test.getOrDefault("expect", Map.of()));
        if (!expect.containsKey("changes")) changesKnown = false;
        for (Map<String, Object> change : StepDraft.objects(expect.getOrDefault("changes", List.of()))) {
            boolean present = !"deleted".equals(change.get("kind"));
            String text = fromEarlier || !change.containsKey("text") ? null : String.valueOf(change.get("text"));
            left.put(String.valueOf(change.get("path")), new Left(present, present ? text : null));
        }
    }

    /** Has the file from which an earlier step's file was copied hold what a later step needs in it. */
    private boolean traceBack(String path, String madeText, String wanted) {
        for (var source : staged.entrySet()) {
            if (!madeText.equals(source.getValue())) continue;
            source.setValue(wanted);
            left.replaceAll((_, each) -> madeText.equals(each.text) ? new Left(each.present, wanted) : each);
            return left.containsKey(path);
        }
        return false;
    }

    private Map<String, Object> test(String name, Map<String, Object> params) {
        var files = new ArrayList<Map<String, Object>>();
        staged.forEach((path, text) -> {
            var file = new LinkedHashMap<String, Object>();
            file.put("path", path);
            if (base64.containsKey(path)) file.put("base64", base64.get(path));
            else if (text == null) file.put("directory", true);
            else file.put("text", text);
            files.add(file);
        });
        var expect = new LinkedHashMap<String, Object>();
        expect.put("success", true);
        if (changesKnown) expect.put("changes", changes());
        var test = new LinkedHashMap<String, Object>();
        test.put("name", name);
        test.put("params", params);
        if (!files.isEmpty()) test.put("files", files);
        test.put("expect", expect);
        return test;
    }

    private List<Map<String, Object>> changes() {
        var changes = new ArrayList<Map<String, Object>>();
        left.forEach((path, now) -> {
            boolean wasThere = staged.containsKey(path);
            if (!wasThere && !now.present) return;
            var change = new LinkedHashMap<String, Object>();
            change.put("path", path);
            change.put("kind", !wasThere ? "created" : now.present ? "changed" : "deleted");
            if (now.text != null) change.put("text", now.text);
            changes.add(change);
        });
        return changes;
    }
}
