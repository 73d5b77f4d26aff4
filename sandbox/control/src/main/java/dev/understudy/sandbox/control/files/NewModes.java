package dev.understudy.sandbox.control.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Permissions and owner of new files and folders: what the host's own umask and user would give them. */
record NewModes(int file, int folder, Traits.Owner owner) {
    private static final String FIELD = "Umask:";
    private static final int USUAL_UMASK = 022;

    static NewModes ofThisProcess() {
        int umask = umask();
        return new NewModes(0666 & ~umask, 0777 & ~umask, user());
    }

    /** What a copy of something with these permissions gets. */
    int ofCopy(int mode) {
        return mode & folder;
    }

    /** Who owns what this process makes; what cannot be known is taken for the superuser's. */
    private static Traits.Owner user() {
        try {
            return HostStatus.read(Path.of("/proc/self")).owner();
        } catch (IOException _) {
            return new Traits.Owner(0, 0);
        }
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
