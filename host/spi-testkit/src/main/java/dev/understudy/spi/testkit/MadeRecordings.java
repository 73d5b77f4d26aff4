package dev.understudy.spi.testkit;

import dev.understudy.spi.Task;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.BiConsumer;

/**
 * Recordings of routines of many kinds, made up: one to three routines in any order or in blocks, with shared parts, steps
 * that may be left out, alternatives, loops, steps that may be swapped, the same step in several places, and idle actions
 * in between.
 */
public final class MadeRecordings {
    private static final Instant START = Instant.parse("2026-03-02T08:00:00Z");
    private static final List<String> TYPES = List.of("click", "type", "copy", "paste", "open", "select");
    private static final int KINDS_OF_IDLING = 12;

    private MadeRecordings() {}

    /** A part of a routine: adds its steps' numbers. */
    private interface Part extends BiConsumer<SplittableRandom, List<Integer>> {}

    /** In which order routines are done. */
    private enum Order {
        RANDOM,
        NEVER_TWICE,
        IN_BLOCKS
    }

    private record Plan(String name, List<Part> routines, Order order, double idle) {}

    /** One recording of each kind, with so many executions of each routine on average. */
    public static List<UiRecording> all(int executions, long seed) {
        List<UiRecording> all = new ArrayList<>();
        for (Plan plan : plans())
            all.add(make(plan, executions * plan.routines.size(), new SplittableRandom(seed + all.size())));
        return all;
    }

    private static List<Plan> plans() {
        Part first = steps(0, 10);
        Part second = steps(20, 8);
        Part third = steps(40, 12);
        Part login = steps(100, 5);
        return List.of(
                one("one of 30 steps", 0, steps(0, 30)),
                many("two", Order.RANDOM, 0, first, second),
                many("three", Order.RANDOM, 0, first, second, third),
                many("three, idling", Order.RANDOM, 0.15, first, second, third),
                many("two in blocks", Order.IN_BLOCKS, 0, first, second),
                many("three in blocks, idling", Order.IN_BLOCKS, 0.1, first, second, third),
                many("three, never one twice", Order.NEVER_TWICE, 0, first, second, third),
                many("two that begin alike", Order.RANDOM, 0, all(login, steps(0, 6)), all(login, steps(20, 7))),
                many(
                        "three that begin alike, idling",
                        Order.RANDOM,
                        0.1,
                        all(login, steps(0, 6)),
                        all(login, steps(20, 7)),
                        all(login, steps(40, 9))),
                many(
                        "two alike in the middle",
                        Order.RANDOM,
                        0,
                        all(steps(0, 5), steps(100, 4), steps(10, 4)),
                        all(steps(20, 4), steps(100, 4), steps(30, 5))),
                many(
                        "two that end alike",
                        Order.RANDOM,
                        0,
                        all(steps(0, 5), steps(100, 4)),
                        all(steps(20, 6), steps(100, 4))),
                one(
                        "steps left out",
                        0,
                        all(steps(0, 4), maybe(0.5, steps(4, 1)), steps(5, 5), maybe(0.3, steps(10, 1)), steps(11, 4))),
                one("its end left out", 0, all(steps(0, 9), maybe(0.4, steps(20, 1)))),
                one(
                        "alternatives",
                        0,
                        all(
                                steps(0, 5),
                                either(steps(10, 1), steps(11, 1)),
                                steps(20, 4),
                                either(steps(12, 1), steps(13, 1), steps(14, 1)),
                                steps(30, 4))),
                one("branches", 0, all(steps(0, 6), either(steps(10, 3), steps(15, 2)), steps(30, 6))),
                one("a loop", 0, all(steps(0, 5), loop(4, steps(10, 3)), steps(20, 5))),
                one("a loop near the end", 0, all(steps(0, 5), loop(4, steps(10, 2)), steps(20, 1))),
                one("fields in any order", 0, all(steps(0, 4), swapped(0.4, steps(10, 2), steps(12, 2)), steps(20, 5))),
                one("a step twice", 0, all(steps(0, 5), steps(99, 1), steps(10, 4), steps(99, 1))),
                many(
                        "two with a step of both twice",
                        Order.RANDOM,
                        0,
                        all(steps(0, 5), steps(99, 1), steps(10, 4), steps(99, 1)),
                        all(steps(20, 4), steps(99, 1), steps(30, 3), steps(99, 1))),
                one(
                        "the same two steps again and again",
                        0,
                        all(steps(0, 1), steps(1, 2), steps(1, 2), steps(1, 2), steps(5, 1), steps(1, 2), steps(6, 1))),
                one("its first step inside", 0, all(steps(0, 3), steps(0, 1), steps(3, 2), steps(0, 1), steps(5, 2))),
                many(
                        "all at once, idling",
                        Order.RANDOM,
                        0.1,
                        all(
                                steps(0, 8),
                                maybe(0.5, steps(8, 1)),
                                steps(9, 8),
                                either(steps(17, 1), steps(18, 1)),
                                loop(3, steps(19, 2)),
                                steps(21, 6)),
                        all(steps(40, 5), steps(9, 5), steps(60, 8), maybe(0.3, steps(70, 1)), steps(71, 3))));
    }

    private static Plan one(String name, double idle, Part routine) {
        return new Plan(name, List.of(routine), Order.RANDOM, idle);
    }

    private static Plan many(String name, Order order, double idle, Part... routines) {
        return new Plan(name, List.of(routines), order, idle);
    }

    private static Part steps(int from, int count) {
        return (_, steps) -> {
            for (int step = from; step < from + count; step++) steps.add(step);
        };
    }

    private static Part all(Part... parts) {
        return (random, steps) -> {
            for (Part part : parts) part.accept(random, steps);
        };
    }

    private static Part maybe(double share, Part part) {
        return (random, steps) -> {
            if (random.nextDouble() < share) part.accept(random, steps);
        };
    }

    private static Part either(Part... parts) {
        return (random, steps) -> parts[random.nextInt(parts.length)].accept(random, steps);
    }

    private static Part loop(int most, Part part) {
        return (random, steps) -> {
            int turns = 1 + random.nextInt(most);
            for (int turn = 0; turn < turns; turn++) part.accept(random, steps);
        };
    }

    private static Part swapped(double share, Part one, Part other) {
        return (random, steps) -> {
            boolean swap = random.nextDouble() < share;
            (swap ? other : one).accept(random, steps);
            (swap ? one : other).accept(random, steps);
        };
    }

    private static UiRecording make(Plan plan, int executions, SplittableRandom random) {
        List<Task> events = new ArrayList<>();
        List<Integer> belong = new ArrayList<>();
        List<List<Task>> truth = new ArrayList<>();
        Instant time = START;
        int last = -1;
        int routines = plan.routines.size();
        for (int execution = 0; execution < executions; execution++) {
            int routine = switch (plan.order) {
                case RANDOM -> random.nextInt(routines);
                case NEVER_TWICE -> last < 0 ? 0 : (last + 1 + random.nextInt(routines - 1)) % routines;
                case IN_BLOCKS -> execution * routines / executions;
            };
            last = routine;
            List<Integer> steps = new ArrayList<>();
            plan.routines.get(routine).accept(random, steps);
            List<Task> its = new ArrayList<>();
            for (int step : steps) {
                while (random.nextDouble() < plan.idle) {
                    time = time.plusMillis(500 + random.nextInt(5000));
                    int rank = (int) Math.exp(random.nextDouble() * Math.log(KINDS_OF_IDLING + 1.0));
                    events.add(event(events.size(), "idle", Map.of("what", "thing " + (char) ('a' + rank)), time));
                    belong.add(UiRecording.NOISE);
                }
                time = time.plusMillis(500 + random.nextInt(5000));
                Map<String, Object> parameters = new LinkedHashMap<>();
                parameters.put("field", "field " + (char) ('a' + step % 26) + (char) ('a' + step / 26));
                // What it is done with, which differs from one execution to the next.
                if (step % 3 == 0) parameters.put("cell", "A" + (execution + 2));
                its.add(event(events.size(), TYPES.get(step % TYPES.size()), parameters, time));
                events.add(its.getLast());
                belong.add(execution);
            }
            truth.add(its);
        }
        return new UiRecording(plan.name, events, belong, truth);
    }

    private static Task event(int number, String type, Map<String, Object> parameters, Instant time) {
        return new Task("event-" + number, type, "", parameters, time, Duration.ZERO, true);
    }
}
