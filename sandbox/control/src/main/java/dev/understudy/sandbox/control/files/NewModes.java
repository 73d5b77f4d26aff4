package dev.understudy.sandbox.control.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Permissions of new files and folders: what the host's own umask would give them. */
record NewModes(int file, int folder) {
    private static final String FIELD = "Umask:";
    private static final int USUAL_UMASK = 022;

    static NewModes ofThisProcess() {
        int umask = umask();
        return new NewModes(0666 & ~umask, 0777 & ~umask);
    }

    /** Java cannot ask for it, and asking the system means setting it for a moment; Linux tells it here. */
    private static int umask() {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
                if (line.startsWith(FIELD))
                    return Integer.parseInt(line.substring(FIELD.length()).strip(), 8);
            }
            return USUAL_UMASK;
        } catch (IOException _) {
            return USUAL_UMASK;
        }
    }
}
