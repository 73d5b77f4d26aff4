package dev.understudy.core.patterns;

import dev.understudy.spi.Task;
import dev.understudy.spi.TaskPattern;
import dev.understudy.spi.TaskPattern.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Tells which patterns say the same routine once more, so that a list names each routine once.
 *
 * <p>Three rules, which know no program by name. (1) Of two commands of one type, one is the other's variant if the names
 * and constant words of the shorter stand in the longer in their order, and each has at most one option that the other lacks.
 * (2) Of two sequences, one is the other's variant if two thirds of the shorter's steps stand in the other in their order,
 * whichever step of the shorter is taken for the first: the turns of a loop begin anywhere. (3) A command is a part of a
 * sequence if that has such a step and came at least half as often. A family's head is the one with the highest
 * potential; of those that differ in it by less than {@value #SAME_POTENTIAL}, that which took longest in all.
 */
public final class PatternFamilies {
    /** Potentials nearer than this say the same: it is what two occurrences more make of nine. */
    private static final double SAME_POTENTIAL = 0.05;

    private static final String VARIES = "{}";
    private static final Pattern VARIABLE = Pattern.compile("\\{[a-z][a-z0-9_]*}");
    private static final Pattern LIST_VARIABLE = Pattern.compile("\\{[a-z][a-z0-9_]*\\.\\.\\.}");

    /** Nearest to the head of its family first. */
    private static final Comparator<Member> BY_RANK = Comparator.<Member>comparingLong(
                    each -> -Math.round(each.pattern.potential().total() / SAME_POTENTIAL))
            .thenComparing(Comparator.comparing(Member::totalTime).reversed())
            .thenComparing(each -> each.pattern.id());

    private PatternFamilies() {}

    /** The ids of patterns that are a variant or a part of another one, each with the id of that. */
    public static Map<String, String> variants(List<TaskPattern> patterns) {
        List<Member> members =
                patterns.stream().map(Member::new).sorted(BY_RANK).toList();
        var heads = new ArrayList<Member>();
        var parts = new ArrayList<Member>();
        var variants = new LinkedHashMap<String, String>();
        for (Member each : members) {
            if (members.stream().anyMatch(each::isPartOf)) {
                parts.add(each);
                continue;
            }
            Optional<Member> head = heads.stream().filter(each::isVariantOf).findFirst();
            head.ifPresentOrElse(found -> variants.put(each.pattern.id(), found.pattern.id()), () -> heads.add(each));
        }
        // What a part belongs to may itself be a variant by now, so parts come last.
        for (Member each : parts) {
            Optional<String> head = members.stream()
                    .filter(each::isPartOf)
                    .map(whole -> variants.getOrDefault(whole.pattern.id(), whole.pattern.id()))
                    .findFirst();
            head.ifPresent(found -> variants.put(each.pattern.id(), found));
        }
        return Collections.unmodifiableMap(variants);
    }

    private static final class Member {
        private final TaskPattern pattern;
        private final List<Command> steps;

        Member(TaskPattern pattern) {
            this.pattern = pattern;
            steps = pattern.sequence()
                    .map(sequence -> sequence.steps().stream().map(Command::of).toList())
                    .orElseGet(() -> List.of(Command.of(new Step(pattern.taskType(), pattern.parameters()))));
        }

        Duration totalTime() {
            return pattern.averageDuration().multipliedBy(pattern.occurrences());
        }

        private boolean isOne() {
            return steps.size() == 1;
        }

        boolean isPartOf(Member whole) {
            return isOne()
                    && !whole.isOne()
                    && 2 * whole.pattern.occurrences() >= pattern.occurrences()
                    && whole.steps.stream().anyMatch(steps.getFirst()::isVariantOf);
        }

        boolean isVariantOf(Member other) {
            if (isOne() || other.isOne())
                return isOne() && other.isOne() && steps.getFirst().isVariantOf(other.steps.getFirst());
            boolean shorter = steps.size() <= other.steps.size();
            List<String> few = types(shorter ? this : other);
            List<String> many = types(shorter ? other : this);
            for (int turn = 0; turn < few.size(); turn++) {
                var turned = new ArrayList<>(few.subList(turn, few.size()));
                turned.addAll(few.subList(0, turn));
                if (3 * common(turned, many) >= 2 * few.size()) return true;
            }
            return false;
        }

        private static List<String> types(Member member) {
            return member.steps.stream().map(Command::type).toList();
        }
    }

    /**
     * A command as it is compared.
     *
     * @param words names and constant words, and of tasks that no shell ran each parameter; what varies is empty braces
     */
    private record Command(String type, List<String> words, Set<String> options, boolean shell) {
        static Command of(Step step) {
            var words = new ArrayList<String>();
            var options = new HashSet<String>();
            if (!(step.parameters().get(Task.ARGUMENTS) instanceof List<?> arguments)) {
                step.parameters().forEach((name, value) -> words.add(name + "=" + masked(String.valueOf(value))));
                return new Command(step.taskType(), words, options, false);
            }
            for (Object argument : arguments) {
                String text = String.valueOf(argument);
                // A run of words may be any of them, so it tells nothing apart.
                if (LIST_VARIABLE.matcher(text).matches()) continue;
                if (text.startsWith("-") && text.length() > 1) options.add(masked(text));
                else words.add(masked(text));
            }
            return new Command(step.taskType(), words, options, true);
        }

        private static String masked(String text) {
            return VARIABLE.matcher(text).replaceAll(VARIES);
        }

        boolean isVariantOf(Command other) {
            if (!type.equals(other.type) || shell != other.shell) return false;
            if (!shell) return words.equals(other.words);
            int fewer = Math.min(words.size(), other.words.size());
            return common(words, other.words) == fewer
                    && lacking(options, other.options) <= 1
                    && lacking(other.options, options) <= 1;
        }

        private static long lacking(Set<String> options, Set<String> others) {
            return options.stream().filter(each -> !others.contains(each)).count();
        }
    }

    /** Whether two words are one, or one is all that varies where only a part of the other does. */
    private static boolean isSame(String one, String other) {
        if (one.equals(other)) return true;
        return (one.equals(VARIES) && other.contains(VARIES)) || (other.equals(VARIES) && one.contains(VARIES));
    }

    /** The length of the longest common subsequence. */
    private static int common(List<String> one, List<String> other) {
        var before = new int[other.size() + 1];
        for (String each : one) {
            var now = new int[other.size() + 1];
            for (int at = 0; at < other.size(); at++)
                now[at + 1] = isSame(each, other.get(at)) ? before[at] + 1 : Math.max(before[at + 1], now[at]);
            before = now;
        }
        return before[other.size()];
    }
}
