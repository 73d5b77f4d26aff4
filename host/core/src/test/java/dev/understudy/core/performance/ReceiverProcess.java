package dev.understudy.core.performance;

import dev.understudy.core.config.Config;
import dev.understudy.core.store.Database;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;

/** A receiver in a process of its own: prints its address, and stores what it took when its input ends. */
final class ReceiverProcess {
    private ReceiverProcess() {}

    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        try (Database database = Database.open(folder.resolve("store.db"));
                var receiver = OtlpReceiver.start(
                        0, PerformanceHistory.of(Config.DEFAULT, database), folder.resolve("traces"), _ -> {})) {
            System.out.println(receiver.address());
            System.in.transferTo(OutputStream.nullOutputStream());
        }
    }
}
