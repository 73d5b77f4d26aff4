package dev.understudy.core.packages;

import java.util.Optional;

/** Which packages a script's language has. */
public enum PackageKind {
    /** From the npm registry. */
    JAVASCRIPT("node_modules"),
    /** From PyPI or an index like it. */
    PYTHON("vendor");

    private final String folder;

    PackageKind(String folder) {
        this.folder = folder;
    }

    /** The folder beside a script in which its packages lie. */
    public String folder() {
        return folder;
    }

    /** What is wrong with a text of a head's list; empty if it can be looked for. */
    public Optional<String> problem(String dependency) {
        try {
            switch (this) {
                case JAVASCRIPT -> NpmRegistry.wanted(dependency);
                case PYTHON -> Requirement.parse(dependency);
            }
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }
}
