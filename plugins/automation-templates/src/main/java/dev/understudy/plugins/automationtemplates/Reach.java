package dev.understudy.plugins.automationtemplates;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What an automation needs beside files.
 *
 * @param hosts that it speaks to
 * @param secrets variables in its values that stand for what was never recorded, so that a person must give it
 * @param wallTime how long it may take; empty for the host's own limit
 */
record Reach(List<String> hosts, Set<String> secrets, Optional<Duration> wallTime) {
    static final Reach FILES = new Reach(List.of(), Set.of(), Optional.empty());

    Reach {
        hosts = List.copyOf(hosts);
        secrets = Set.copyOf(secrets);
    }
}
