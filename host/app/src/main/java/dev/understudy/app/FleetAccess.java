package dev.understudy.app;

import dev.understudy.core.config.FleetSection;
import dev.understudy.core.fleet.Fleet;
import dev.understudy.core.problem.UserException;
import dev.understudy.fleet.NatsFleet;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The way to a fleet's server; a class of its own, so that nothing of it is loaded where there is no fleet. */
final class FleetAccess {
    private FleetAccess() {}

    /**
     * Where the fleet is.
     *
     * @param url that was typed; null for the configured one
     * @return empty if there is none
     */
    static Optional<FleetSection> section(RootCommand root, @Nullable String url) {
        FleetSection configured = root.readConfig().fleet();
        if (url == null) return configured.url().isPresent() ? Optional.of(configured) : Optional.empty();
        if (!FleetSection.isUrl(url))
            throw UserException.badInput(
                    "There is no fleet at '" + url + "'",
                    "that is no URL of a server",
                    "Write it like nats://host:4222 or, encrypted, tls://host:4222");
        if (url.startsWith("nats:") && configured.tls().isPresent())
            throw UserException.badInput(
                    "The fleet " + url + " is not joined",
                    "it is not encrypted, and fleet.tls is set",
                    "Write tls:// in place of nats://");
        return Optional.of(configured.at(url));
    }

    static Fleet connect(FleetSection section) throws InterruptedException {
        return NatsFleet.connect(section, Fleet.Times.USUAL);
    }
}
