package dev.understudy.plugins.automationtemplates;

/** Paths as texts: a template never looks at files, and {@code ~} is the person's home wherever it runs. */
final class Paths {
    private Paths() {}

    static boolean isAbsolute(String path) {
        return path.startsWith("/") || path.equals("~") || path.startsWith("~/");
    }

    /** The path seen from a folder; an empty folder leaves it as it is. */
    static String resolve(String folder, String path) {
        if (folder.isEmpty() || isAbsolute(path)) return path;
        if (path.equals(".")) return folder;
        String below = path.startsWith("./") ? path.substring(2) : path;
        return folder.endsWith("/") ? folder + below : folder + "/" + below;
    }

    static Shape resolve(Shape folder, Shape path) {
        if (folder.isEmpty() || isAbsolute(path.literalStart())) return path;
        if (path.isConstant() && path.fill(java.util.Map.of()).equals(".")) return folder;
        Shape below = path;
        if (path.literalStart().startsWith("./"))
            below = Shape.parse(path.template().substring(2));
        return folder.literalEnd().endsWith("/")
                ? folder.plus(below)
                : folder.plus(Shape.literal("/")).plus(below);
    }

    /** The last part of a path, slashes at its end not counted. */
    static String name(String path) {
        String trimmed = trimSlashes(path);
        return trimmed.substring(trimmed.lastIndexOf('/') + 1);
    }

    static String trimSlashes(String path) {
        int end = path.length();
        while (end > 1 && path.charAt(end - 1) == '/') end--;
        return path.substring(0, end);
    }

    /** Where a file lands in a folder. */
    static String in(String folder, String path) {
        String trimmed = trimSlashes(folder);
        return (trimmed.equals("/") ? "" : trimmed) + "/" + name(path);
    }

    /** The ending after the last dot of the name, or an empty text; a dot at the start of a name begins no ending. */
    static String extension(String path) {
        String name = name(path);
        int dot = name.lastIndexOf('.');
        return dot > 0 ? name.substring(dot + 1) : "";
    }
}
