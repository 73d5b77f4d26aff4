package dev.understudy.core.packages;

import dev.understudy.core.packages.Registry.Found;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * One version of each package that is needed, so that all who need it are served. Where a later need rules out what was chosen
 * before, it begins anew and knows of that need from the start; what is then served by no version is refused.
 */
final class Resolution {
    private static final int MAX_PACKAGES = 200;
    private static final int MAX_ROUNDS = 50;

    private final Registry registry;
    private final Map<String, String> preferred;
    private final Map<String, Set<Want>> known = new HashMap<>();

    /** @param preferred versions that are taken where they do */
    Resolution(Registry registry, Map<String, String> preferred) {
        this.registry = registry;
        this.preferred = preferred;
    }

    Collection<Found> of(Collection<Want> asked) throws IOException, InterruptedException, PackageException {
        for (int round = 0; round < MAX_ROUNDS; round++) {
            Optional<Collection<Found>> found = round(asked);
            if (found.isPresent()) return found.get();
        }
        throw new PackageException("the packages need each other in versions that cannot be brought together");
    }

    private Optional<Collection<Found>> round(Collection<Want> asked)
            throws IOException, InterruptedException, PackageException {
        var chosen = new TreeMap<String, Found>();
        var served = new HashMap<String, Set<String>>();
        Deque<Want> open = new ArrayDeque<>(asked);
        while (!open.isEmpty()) {
            Want want = open.remove();
            Set<Want> all = known.computeIfAbsent(want.name(), _ -> new LinkedHashSet<>());
            all.add(want);
            Found found = chosen.get(want.name());
            if (found != null && !registry.allows(want, found.version())) return Optional.empty();
            boolean isNew = found == null;
            if (found == null) {
                if (chosen.size() == MAX_PACKAGES)
                    throw new PackageException("more than " + MAX_PACKAGES + " packages are needed");
                found = registry.find(want.name(), all, Optional.ofNullable(preferred.get(want.name())));
                chosen.put(want.name(), found);
            }
            if (served.computeIfAbsent(want.name(), _ -> new LinkedHashSet<>()).addAll(want.extras()) || isNew)
                open.addAll(found.needs().with(served.get(want.name())));
        }
        return Optional.of(chosen.values());
    }
}
