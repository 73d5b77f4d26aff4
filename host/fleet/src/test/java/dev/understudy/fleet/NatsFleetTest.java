package dev.understudy.fleet;

import dev.understudy.core.fleet.Fleet;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

class NatsFleetTest extends FleetContract {
    @TempDir
    Path folder;

    private @Nullable NatsServer server;

    @Override
    Fleet open() throws InterruptedException {
        NatsServer started = NatsServer.start(folder);
        server = started;
        return NatsFleet.connect(started.section(), TIMES);
    }

    @AfterEach
    void stopServer() {
        NatsServer started = server;
        if (started != null) started.close();
    }
}
