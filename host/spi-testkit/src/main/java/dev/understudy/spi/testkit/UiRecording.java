package dev.understudy.spi.testkit;

import dev.understudy.spi.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What a person did in some programs, event by event, with the truth that no detector is shown: which execution each event
 * belongs to.
 *
 * @param name for people
 * @param events as tasks, in order; the execution is no part of them
 * @param executions by event, the number of its execution; {@value #NOISE} for one that is noise
 * @param truth by execution, the events that it had before there was noise
 */
public record UiRecording(String name, List<Task> events, List<Integer> executions, List<List<Task>> truth) {
    /** The execution of an event that belongs to none. */
    public static final int NOISE = -1;

    private static final int KINDS_OF_NOISE = 40;

    /** What stands in the place of an event. */
    public enum Noise {
        /** Another event of the same recording. */
        OF_ITS_OWN,
        /** One of a few dozen things that have nothing to do with it, some much more frequent than others. */
        OF_OTHER_KINDS,
        /** Something that is done once. */
        OF_NO_KIND
    }

    public UiRecording {
        events = List.copyOf(events);
        executions = List.copyOf(executions);
        truth = truth.stream().map(List::copyOf).toList();
    }

    /** Reads a recording with the columns {@code case}, {@code event} and {@code timestamp}; all others are parameters. */
    public static UiRecording read(Path csv) throws IOException {
        List<String> lines = Files.readAllLines(csv);
        List<String> header = List.of(lines.getFirst().split(",", -1));
        List<Task> events = new ArrayList<>();
        List<Integer> executions = new ArrayList<>();
        Map<String, Integer> numbers = new HashMap<>();
        List<List<Task>> truth = new ArrayList<>();
        for (String line : lines.subList(1, lines.size())) {
            String[] fields = line.split(",", -1);
            Map<String, Object> parameters = new LinkedHashMap<>();
            for (int column = 0; column < fields.length; column++)
                if (!Set.of("case", "event", "timestamp").contains(header.get(column)) && !fields[column].isEmpty())
                    parameters.put(header.get(column), fields[column]);
            var event = new Task(
                    "event-" + events.size(),
                    fields[header.indexOf("event")],
                    "",
                    parameters,
                    Instant.parse(fields[header.indexOf("timestamp")]),
                    Duration.ZERO,
                    true);
            Integer number = numbers.get(fields[header.indexOf("case")]);
            if (number == null) {
                number = truth.size();
                numbers.put(fields[header.indexOf("case")], number);
                truth.add(new ArrayList<>());
            }
            truth.get(number).add(event);
            events.add(event);
            executions.add(number);
        }
        String file = Objects.requireNonNull(csv.getFileName()).toString();
        return new UiRecording(file.replace(".csv", ""), events, executions, truth);
    }

    /** The same with a share of its events replaced; ids and time stamps stay. */
    public UiRecording withNoise(double share, Noise noise, long seed) {
        var random = new SplittableRandom(seed);
        List<Task> noisy = new ArrayList<>();
        List<Integer> belong = new ArrayList<>();
        for (int at = 0; at < events.size(); at++) {
            Task event = events.get(at);
            boolean replaced = random.nextDouble() < share;
            belong.add(replaced ? NOISE : executions.get(at));
            if (!replaced) {
                noisy.add(event);
                continue;
            }
            // The rank is e to the power of a uniform number: its probability falls as one over the rank.
            int rank = (int) Math.exp(random.nextDouble() * Math.log(KINDS_OF_NOISE + 1.0));
            noisy.add(
                    switch (noise) {
                        case OF_ITS_OWN -> in(event, events.get(random.nextInt(events.size())));
                        case OF_OTHER_KINDS ->
                            in(event, "look", Map.of("at", "thing " + (char) ('a' + rank % 26) + rank / 26));
                        case OF_NO_KIND -> in(event, "once " + at, Map.of());
                    });
        }
        return new UiRecording(name, noisy, belong, truth);
    }

    private static Task in(Task place, Task other) {
        return in(place, other.type(), other.parameters());
    }

    private static Task in(Task place, String type, Map<String, Object> parameters) {
        return new Task(place.id(), type, "", parameters, place.timestamp(), place.duration(), true);
    }

    /**
     * By event before there was noise, what was done, so that events of different executions compare: its type and
     * parameters, without the digits of those of which nearly every value belongs to one execution only.
     */
    public Function<Task, String> labels() {
        Map<String, Map<Object, Set<Integer>>> forms = new HashMap<>();
        for (int execution = 0; execution < truth.size(); execution++)
            for (Task event : truth.get(execution))
                for (var each : event.parameters().entrySet())
                    forms.computeIfAbsent(event.type() + " " + each.getKey(), _ -> new HashMap<>())
                            .computeIfAbsent(each.getValue(), _ -> new HashSet<>())
                            .add(execution);
        Set<String> varying = new HashSet<>();
        forms.forEach((parameter, values) -> {
            int holders = values.values().stream().mapToInt(Set::size).sum();
            if (holders < 2 * values.size()) varying.add(parameter);
        });
        return event -> event.type()
                + event.parameters().entrySet().stream()
                        .map(each -> {
                            String text = String.valueOf(each.getValue());
                            boolean varies = varying.contains(event.type() + " " + each.getKey());
                            return each.getKey() + "=" + (varies ? text.replaceAll("[0-9]+", "#") : text);
                        })
                        .sorted()
                        .collect(Collectors.joining(" ", " ", ""));
    }
}
