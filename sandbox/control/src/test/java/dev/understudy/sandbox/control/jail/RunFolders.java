package dev.understudy.sandbox.control.jail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What is there of the folders of a jail's runs, on the disk and in memory. */
public final class RunFolders {
    private RunFolders() {}

    public static List<Path> of(Jail jail) throws IOException {
        List<Path> found = new ArrayList<>();
        for (Path host : jail.kit().runs()) {
            try (var folders = Files.find(
                    host, 3, (path, _) -> path.getFileName().toString().startsWith("run-"))) {
                folders.forEach(found::add);
            }
        }
        return found;
    }
}
