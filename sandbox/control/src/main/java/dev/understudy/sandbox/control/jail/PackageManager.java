package dev.understudy.sandbox.control.jail;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The system's package manager, for hints that say what to type. */
enum PackageManager {
    APT("apt-get", "apt-get install -y"),
    DNF("dnf", "dnf install -y"),
    PACMAN("pacman", "pacman -S --noconfirm"),
    ZYPPER("zypper", "zypper --non-interactive install"),
    APK("apk", "apk add");

    /** Programs that every system packages under their own name. */
    private static final Set<String> OWN_NAME = Set.of(
            "bash", "bzip2", "curl", "ffmpeg", "gawk", "git", "gzip", "jq", "make", "pandoc", "perl", "python3",
            "rsync", "sed", "tar", "unzip", "wget", "zip", "zstd");

    /** The packages of Debian 12 and Ubuntu 24.04 that hold programs of other names. */
    private static final Map<String, String> DEBIAN = Map.ofEntries(
            Map.entry("aws", "awscli"),
            Map.entry("bibtex", "texlive-binaries"),
            Map.entry("composer", "composer"),
            Map.entry("convert", "imagemagick"),
            Map.entry("exiftool", "libimage-exiftool-perl"),
            Map.entry("fdfind", "fd-find"),
            Map.entry("g++", "g++"),
            Map.entry("gcc", "gcc"),
            Map.entry("gm", "graphicsmagick"),
            Map.entry("gs", "ghostscript"),
            Map.entry("gunzip", "gzip"),
            Map.entry("identify", "imagemagick"),
            Map.entry("latex", "texlive-latex-base"),
            Map.entry("latexmk", "latexmk"),
            Map.entry("mlr", "miller"),
            Map.entry("mogrify", "imagemagick"),
            Map.entry("mysql", "default-mysql-client"),
            Map.entry("node", "nodejs"),
            Map.entry("npm", "npm"),
            Map.entry("pdflatex", "texlive-latex-base"),
            Map.entry("pdftotext", "poppler-utils"),
            Map.entry("pg_dump", "postgresql-client"),
            Map.entry("pip", "python3-pip"),
            Map.entry("pip3", "python3-pip"),
            Map.entry("psql", "postgresql-client"),
            Map.entry("python", "python-is-python3"),
            Map.entry("rg", "ripgrep"),
            Map.entry("sqlite3", "sqlite3"),
            Map.entry("ssh", "openssh-client"),
            Map.entry("xz", "xz-utils"));

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

    /** What to do about a program that is missing: its package, if that is known. */
    static String programHint(String program) {
        boolean debian = here().filter(manager -> manager == APT).isPresent();
        if (OWN_NAME.contains(program)) return hint(program);
        if (debian && DEBIAN.containsKey(program)) return hint(DEBIAN.getOrDefault(program, program));
        return "install it, or take it out of the automation's grants";
    }
}
