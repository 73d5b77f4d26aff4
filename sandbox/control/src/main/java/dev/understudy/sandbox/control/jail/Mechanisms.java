package dev.understudy.sandbox.control.jail;

import dev.understudy.sandbox.control.IsolationLevel;
import dev.understudy.sandbox.control.Tier;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What this machine can isolate with: each mechanism with the result of trying it, and what that makes of the levels.
 *
 * @param mechanisms in the order in which {@code doctor} prints them
 * @param levels all of them
 */
public record Mechanisms(List<Mechanism> mechanisms, Map<IsolationLevel, Level> levels) {

    public Mechanisms {
        mechanisms = List.copyOf(mechanisms);
        levels = java.util.Collections.unmodifiableMap(new EnumMap<>(levels));
    }

    /** These findings with those of the wall that stands in, which decides what the levels get. */
    Mechanisms andReduced(Mechanisms reduced, String why) {
        List<Mechanism> all = new ArrayList<>(mechanisms.stream()
                .filter(mechanism -> !mechanism.name().equals("process jail"))
                .toList());
        all.add(new Mechanism("process jail", false, why));
        reduced.mechanisms.stream()
                .filter(mechanism ->
                        all.stream().noneMatch(known -> known.name().equals(mechanism.name())))
                .forEach(all::add);
        return new Mechanisms(all, reduced.levels);
    }

    /**
     * One mechanism.
     *
     * @param name stable, for people and programs
     * @param works as tried on this machine, in this run of the host
     * @param detail what was seen: a version, a figure, the reason why not
     */
    public record Mechanism(String name, boolean works, String detail) {}

    /**
     * One isolation level on this machine.
     *
     * @param available whether runs at this level are accepted
     * @param tier which wall they get
     * @param missing what would make it available, with the command that installs it; empty if available
     */
    public record Level(boolean available, Tier tier, List<String> missing) {
        public Level {
            missing = List.copyOf(missing);
        }
    }
}
