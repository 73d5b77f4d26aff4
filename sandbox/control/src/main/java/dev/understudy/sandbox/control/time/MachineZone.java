package dev.understudy.sandbox.control.time;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongToIntFunction;
import java.util.stream.Stream;

/**
 * The machine's local time, as {@code date} has it: by the variable TZ (a zone, a file or a POSIX rule), else by {@code
 * /etc/localtime}, else by {@code /etc/timezone}. Java goes by names: it takes a rule for its winter, a file for UTC, and
 * the name of a link for what lies behind it. So the offsets decide here, and the name is that of a zone that has them.
 *
 * @param id of the zone, for Java and for scripts in cells
 * @param variables that programs need to see the same
 * @param files that they need beside: zones by name, the local one
 */
public record MachineZone(ZoneId id, Map<String, String> variables, List<Path> files) {
    /** Where programs look for zones by name. */
    public static final Path ZONES = Path.of("/usr/share/zoneinfo");

    private static final ZoneId UTC = ZoneId.of("UTC");
    private static final String VARIABLE = "TZ";

    /** Of several zones with the same offsets, those that people would name. */
    private static final List<String> WELL_KNOWN = List.of(
            "UTC",
            "Europe/London",
            "Europe/Berlin",
            "Europe/Athens",
            "Europe/Moscow",
            "America/New_York",
            "America/Chicago",
            "America/Denver",
            "America/Los_Angeles",
            "America/Sao_Paulo",
            "Asia/Kolkata",
            "Asia/Shanghai",
            "Asia/Tokyo",
            "Australia/Sydney",
            "Pacific/Auckland");

    /** Names from before zones were called after cities. */
    private static final Set<String> OLD_AREAS =
            Set.of("Etc", "SystemV", "US", "Canada", "Brazil", "Chile", "Mexico", "Mideast");

    private static final Duration STEP = Duration.ofDays(28);
    private static final Duration AHEAD = Duration.ofDays(730);
    private static final Duration RECENTLY = Duration.ofDays(1100);

    public MachineZone {
        variables = Map.copyOf(variables);
        files = List.copyOf(files);
    }

    /** This machine's, for a process with this environment. */
    public static MachineZone in(Map<String, String> environment) {
        return new Finder(environment, Path.of("/etc"), ZONES, Instant.now()).find();
    }

    /**
     * One look at a machine.
     *
     * @param settings the folder with {@code localtime} and {@code timezone}
     */
    record Finder(Map<String, String> environment, Path settings, Path zones, Instant now) {
        MachineZone find() {
            String set = environment.get(VARIABLE);
            if (set != null) return byVariable(set);
            Path local = settings.resolve("localtime");
            List<Path> files = existing(local);
            Optional<ZoneId> found = byFile(local, Stream.of(nameBehind(local), configured()));
            if (found.isPresent()) return new MachineZone(found.get(), Map.of(), files);
            // A link into zones that are not installed still says what was meant.
            for (Optional<String> name : List.of(nameBehind(local), configured())) {
                Optional<ZoneId> zone = name.flatMap(Finder::known);
                if (zone.isPresent()) return new MachineZone(zone.get(), Map.of(VARIABLE, name.get()), files);
            }
            return new MachineZone(UTC, Map.of(), files);
        }

        private MachineZone byVariable(String set) {
            String text = set.startsWith(":") ? set.substring(1) : set;
            Path file = zones.resolve(text.isEmpty() ? "UTC" : text);
            Optional<ZoneId> zone = text.isEmpty()
                    ? Optional.empty()
                    : byFile(file, Stream.of(nameBelow(file)))
                            .or(() -> known(text))
                            .or(() -> byRule(text));
            // What nothing knows, the C library takes for UTC.
            return new MachineZone(
                    zone.orElse(UTC), Map.of(VARIABLE, set), existing(settings.resolve("localtime"), file));
        }

        private List<Path> existing(Path... more) {
            return Stream.concat(Stream.of(zones), Stream.of(more).filter(file -> !file.startsWith(zones)))
                    .filter(Files::exists)
                    .distinct()
                    .toList();
        }

        private Optional<String> configured() {
            try {
                return Optional.of(
                        Files.readString(settings.resolve("timezone")).strip());
            } catch (IOException _) {
                return Optional.empty();
            }
        }

        private Optional<String> nameBehind(Path file) {
            try {
                if (!Files.isSymbolicLink(file)) return Optional.empty();
                return nameBelow(Files.exists(file) ? file.toRealPath() : Files.readSymbolicLink(file));
            } catch (IOException _) {
                return Optional.empty();
            }
        }

        private static Optional<String> nameBelow(Path file) {
            String text = file.toString();
            String folder = "/" + ZONES.getFileName() + "/";
            int at = text.lastIndexOf(folder);
            return at < 0 ? Optional.empty() : Optional.of(text.substring(at + folder.length()));
        }

        private static Optional<ZoneId> known(String name) {
            String plain = name.startsWith("posix/") ? name.substring("posix/".length()) : name;
            return ZoneId.getAvailableZoneIds().contains(plain) ? Optional.of(ZoneId.of(plain)) : Optional.empty();
        }

        private Optional<ZoneId> byFile(Path file, Stream<Optional<String>> names) {
            Optional<ZoneFile> content = ZoneFile.read(file);
            if (content.isEmpty()) return Optional.empty();
            LongToIntFunction offsets = content.get()::offsetAt;
            // The machine's zones may be newer or older than Java's, so that a name that is right today will do.
            for (Optional<ZoneId> zone :
                    names.map(name -> name.flatMap(Finder::known)).toList()) {
                if (zone.isPresent() && agree(offsets, zone.get().getRules(), now.minus(RECENTLY))) return zone;
            }
            return sameAs(offsets);
        }

        private Optional<ZoneId> byRule(String text) {
            Optional<ZoneRules> rules = PosixRule.parse(text);
            if (rules.isEmpty()) return Optional.empty();
            if (rules.get().isFixedOffset())
                return Optional.of(ZoneId.ofOffset("GMT", rules.get().getOffset(now)));
            return sameAs(second -> PosixRule.offsetAt(rules.get(), second));
        }

        /** A zone with the same offsets, all through the computer's age where there is one, else lately and soon. */
        private Optional<ZoneId> sameAs(LongToIntFunction offsets) {
            Set<String> ids = new LinkedHashSet<>(WELL_KNOWN);
            List<String> rest = new ArrayList<>(ZoneId.getAvailableZoneIds());
            rest.sort(Comparator.comparing(Finder::isOld).thenComparing(id -> id));
            ids.addAll(rest);
            for (Instant from : List.of(Instant.EPOCH, now.minus(RECENTLY))) {
                for (String id : ids) {
                    ZoneId zone = ZoneId.of(id);
                    if (agree(offsets, zone.getRules(), from)) return Optional.of(zone);
                }
            }
            return Optional.of(
                    ZoneId.ofOffset("GMT", ZoneOffset.ofTotalSeconds(offsets.applyAsInt(now.getEpochSecond()))));
        }

        private static boolean isOld(String id) {
            int slash = id.indexOf('/');
            return slash < 0 || OLD_AREAS.contains(id.substring(0, slash));
        }

        private boolean agree(LongToIntFunction offsets, ZoneRules rules, Instant from) {
            Instant end = now.plus(AHEAD);
            for (Instant at = now; at.isAfter(from); at = at.minus(STEP)) {
                if (!agreeAt(offsets, rules, at)) return false;
            }
            for (Instant at = now; at.isBefore(end); at = at.plus(STEP)) {
                if (!agreeAt(offsets, rules, at)) return false;
            }
            for (ZoneOffsetTransition change = rules.nextTransition(from);
                    change != null && change.getInstant().isBefore(end);
                    change = rules.nextTransition(change.getInstant())) {
                if (!agreeAt(offsets, rules, change.getInstant())
                        || !agreeAt(offsets, rules, change.getInstant().minusSeconds(1))) return false;
            }
            return true;
        }

        private static boolean agreeAt(LongToIntFunction offsets, ZoneRules rules, Instant at) {
            return offsets.applyAsInt(at.getEpochSecond())
                    == rules.getOffset(at).getTotalSeconds();
        }
    }
}
