package dev.understudy.plugins.automationtemplates;

import dev.understudy.plugins.automationtemplates.Evidence.Seen;
import dev.understudy.plugins.automationtemplates.Manifest.Operation;
import dev.understudy.spi.Task;
import dev.understudy.spi.TaskPattern;
import dev.understudy.spi.TaskPattern.Variable;
import dev.understudy.spi.TaskPattern.VariableKind;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * An automation's test cases: tasks that it was written from, and those that were held out. What a case must change is
 * what the task was recorded to have changed; where the record does not say, it is what such an operation changes.
 */
final class TestCases {
    static final int MAX_LEARNT = 3;

    private static final String UNUSUAL = " ä";

    private final TaskPattern pattern;
    private final Operation operation;
    private final Map<String, Value> values;
    private final Declarations declarations;
    private final Rehearsal rehearsal;
    private final Set<String> names = new LinkedHashSet<>();

    /** Whether the program is run beside a case that was learnt from and beside one that was held out. */
    private final Set<Boolean> compared = new HashSet<>();

    private TestCases(
            TaskPattern pattern,
            Operation operation,
            Map<String, Value> values,
            Declarations declarations,
            Rehearsal rehearsal) {
        this.pattern = pattern;
        this.operation = operation;
        this.values = values;
        this.declarations = declarations;
        this.rehearsal = rehearsal;
    }

    /** The cases as tables of the metadata. */
    static List<Map<String, Object>> of(
            TaskPattern pattern,
            Operation operation,
            Map<String, Value> values,
            Declarations declarations,
            Evidence evidence,
            Rehearsal rehearsal)
            throws NotAutomatable {
        var cases = new TestCases(pattern, operation, values, declarations, rehearsal);
        var tests = new ArrayList<Map<String, Object>>();
        List<Seen> learnt = evidence.learnt();
        for (Seen each : learnt.subList(0, Math.min(MAX_LEARNT, learnt.size()))) tests.add(cases.test(each, false));
        for (Seen each : evidence.heldOut()) tests.add(cases.test(each, true));
        tests.addAll(cases.situations(evidence.latest()));
        return tests;
    }

    /** What life holds beside what was observed; only the program itself says what must come of it. */
    private List<Map<String, Object>> situations(Map<String, String> latest) {
        var tests = new ArrayList<Map<String, Object>>();
        Map<String, String> binding = unusual(latest);
        var command = RealCommand.of(pattern, binding);
        if (command.isEmpty()) return tests;
        for (Rehearsal.Example example : rehearsal.situations(filled(binding))) {
            var test = new LinkedHashMap<String, Object>();
            test.put("name", "beside " + pattern.taskType() + ", " + (tests.size() + 1));
            test.put("params", parameters(binding));
            if (!example.files().isEmpty()) test.put("files", example.files());
            test.put("command", command.get());
            tests.add(test);
        }
        return tests;
    }

    /** Names with a blank and a letter beyond ASCII. */
    private Map<String, String> unusual(Map<String, String> latest) {
        var binding = new LinkedHashMap<>(latest);
        for (Variable variable : pattern.variables())
            if (variable.kind() == VariableKind.IDENTIFIER)
                binding.computeIfPresent(variable.name(), (_, name) -> name + UNUSUAL);
        return binding;
    }

    private Map<String, Object> parameters(Map<String, String> binding) {
        var params = new LinkedHashMap<String, Object>();
        declarations.declared().forEach((name, parameter) -> {
            if (parameter.varies()) params.put(name, parameter.inTask().apply(binding));
        });
        return params;
    }

    /** What each parameter of the operation holds. */
    private Map<String, List<String>> filled(Map<String, String> binding) {
        var filled = new LinkedHashMap<String, List<String>>();
        operation.parameters().forEach((name, parameter) -> {
            Value value = values.get(name);
            if (value != null) filled.put(name, value.fill(binding));
            else parameter.standard().ifPresent(standard -> filled.put(name, texts(standard)));
        });
        return filled;
    }

    private Map<String, Object> test(Seen seen, boolean heldOut) throws NotAutomatable {
        Map<String, String> binding = seen.bindings();
        Map<String, Object> params = parameters(binding);
        Rehearsal.Example example = rehearsal.example(filled(binding));
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
        // One of what was learnt from and one of what was not: each is a run of the program.
        // What sends requests is answered by stand-ins, which the program does not know.
        if (example.responses().isEmpty() && compared.add(heldOut))
            RealCommand.of(pattern, binding).ifPresent(command -> test.put("command", command));
        recorded(seen, example).ifPresent(recorded -> test.put("recorded", recorded));
        return test;
    }

    private static Optional<Map<String, Object>> recorded(Seen seen, Rehearsal.Example example) {
        if (seen.task().isEmpty() || example.recordedOutput().isEmpty()) return Optional.empty();
        var recorded = new LinkedHashMap<String, Object>();
        recorded.put(
                "started",
                seen.task().get().timestamp().truncatedTo(ChronoUnit.SECONDS).toString());
        recorded.put("seconds", seen.task().get().duration().toSeconds());
        recorded.put("inputs", example.recordedInputs());
        recorded.put("output", example.recordedOutput().get());
        return Optional.of(recorded);
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
