package dev.understudy.sandbox.control.jail;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The system's package manager, for hints that say what to type. */
enum PackageManager {
    APT("apt-get", "apt-get install -y"),
    DNF("dnf", "dnf install -y"),
    PACMAN("pacman", "pacman -S --noconfirm"),
    ZYPPER("zypper", "zypper --non-interactive install"),
    APK("apk", "apk add");

    private static final List<Path> FOLDERS = List.of(Path.of("/usr/bin"), Path.of("/bin"), Path.of("/sbin"));

    private final String program;
    private final String install;

    PackageManager(String program, String install) {
        this.program = program;
        this.install = install;
    }

    /** The one that this machine has. */
    static Optional<PackageManager> here() {
        for (PackageManager manager : values()) {
            if (FOLDERS.stream().anyMatch(folder -> Files.isExecutable(folder.resolve(manager.program))))
                return Optional.of(manager);
        }
        return Optional.empty();
    }

    /** What to type, or what to look for where the manager is unknown. */
    static String hint(String packageName) {
        return here().map(manager -> manager.install + " " + packageName).orElse("install the package " + packageName);
    }
}
