package dev.understudy.plugins.automationtemplates;

import dev.understudy.plugins.automationtemplates.Evidence.Seen;
import dev.understudy.plugins.automationtemplates.Manifest.Operation;
import dev.understudy.spi.Task;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * An automation's test cases: tasks that it was written from, and those that were held out. What a case must change is
 * what the task was recorded to have changed; where the record does not say, it is what such an operation changes.
 */
final class TestCases {
    static final int MAX_LEARNT = 3;

    private final Operation operation;
    private final Map<String, Value> values;
    private final Declarations declarations;
    private final Rehearsal rehearsal;
    private final Set<String> names = new LinkedHashSet<>();

    private TestCases(Operation operation, Map<String, Value> values, Declarations declarations, Rehearsal rehearsal) {
        this.operation = operation;
        this.values = values;
        this.declarations = declarations;
        this.rehearsal = rehearsal;
    }

    /** The cases as tables of the metadata. */
    static List<Map<String, Object>> of(
            Operation operation,
            Map<String, Value> values,
            Declarations declarations,
            Evidence evidence,
            Rehearsal rehearsal)
            throws NotAutomatable {
        var cases = new TestCases(operation, values, declarations, rehearsal);
        var tests = new ArrayList<Map<String, Object>>();
        List<Seen> learnt = evidence.learnt();
        for (Seen each : learnt.subList(0, Math.min(MAX_LEARNT, learnt.size()))) tests.add(cases.test(each, false));
        for (Seen each : evidence.heldOut()) tests.add(cases.test(each, true));
        return tests;
    }

    private Map<String, Object> test(Seen seen, boolean heldOut) throws NotAutomatable {
        Map<String, String> binding = seen.bindings();
        var params = new LinkedHashMap<String, Object>();
        declarations.declared().forEach((name, parameter) -> {
            if (parameter.varies()) params.put(name, parameter.inTask().apply(binding));
        });
        var filled = new LinkedHashMap<String, List<String>>();
        operation.parameters().forEach((name, parameter) -> {
            Value value = values.get(name);
            if (value != null) filled.put(name, value.fill(binding));
            else parameter.standard().ifPresent(standard -> filled.put(name, texts(standard)));
        });
        Rehearsal.Example example = rehearsal.example(filled);
        example.parameters().forEach((name, value) -> {
            Declarations.Reading reading = declarations.readings().get(name);
            if (reading != null) params.put(reading.parameter(), value);
        });
        Rehearsal.Example expected = RecordedEffects.of(seen.task()).orElse(example);
        var expect = new LinkedHashMap<String, Object>();
        expect.put("success", true);
        if (!expected.changes().isEmpty()) expect.put("changes", expected.changes());
        if (!example.result().isEmpty()) expect.put("result", example.result());
        var test = new LinkedHashMap<String, Object>();
        test.put("name", name(seen));
        if (heldOut) test.put("held_out", true);
        test.put("params", params);
        if (!expected.files().isEmpty()) test.put("files", expected.files());
        if (!example.responses().isEmpty()) test.put("responses", example.responses());
        test.put("expect", expect);
        return test;
    }

    private static List<String> texts(Object standard) {
        return standard instanceof List<?> items
                ? items.stream().map(String::valueOf).toList()
                : List.of(String.valueOf(standard));
    }

    private String name(Seen seen) {
        if (seen.task().isPresent()) {
            Task task = seen.task().get();
            var time = task.timestamp().atOffset(ZoneOffset.UTC);
            String day = "observed " + time.toLocalDate();
            if (names.add(day)) return day;
            LocalTime clock = time.toLocalTime().truncatedTo(ChronoUnit.SECONDS);
            String exact = day + " " + clock;
            if (names.add(exact)) return exact;
        }
        int number = names.size() + 1;
        names.add("observed " + number);
        return "observed " + number;
    }
}
