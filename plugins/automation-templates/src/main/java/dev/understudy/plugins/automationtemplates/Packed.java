package dev.understudy.plugins.automationtemplates;

import java.util.List;

/** A form in which one file is packed into another: its operation, its endings, and a stand-in for rehearsals. */
enum Packed {
    GZIP("decompress", ".gz", ".tgz", "H4sIAAAAAAAC/wtKzUhNLCpOzFEoLknMS9HNzOMCAByX+OgTAAAA"),
    BZIP2(
            "decompress_bzip2",
            ".bz2",
            ".tbz2",
            "QlpoOTFBWSZTWdCQ5aYAAAHTgAAQQAIQACZlHAAgADEAAAoyZD9RqBx7RNDlXrCR8XckU4UJDQkOWmA="),
    XZ(
            "decompress_xz",
            ".xz",
            ".txz",
            "/Td6WFoAAAFpIt42AgAhARYAAAB0L+WjAQASUmVoZWFyc2FsIHN0YW5kLWluCgAAHJf46AABJxOQRv1+kEKZDQEA" + "AAAAAVla");

    /** What is in a stand-in. */
    static final String TEXT = "Rehearsal stand-in\n";

    /** A tar archive, packed by gzip, of one file in a folder, which holds {@link #TEXT}. */
    static final String TAR = "H4sIAAAAAAAC/yvNS0ktKi4pTanUT61IzC3ISdUrqShhoCowAAIzEwMwDQTotIGBkTGDoYmpkYm5uYEJSNzQCEQp"
            + "GDDQAZQWlyQWAZ3CMDJBUGpGamJRcWKOAjAc8lJ0M/O4GEbBKBgFo2AUDH8AAEaNuqIACAAA";

    /** The path of the file in {@link #TAR}. */
    static final String IN_TAR = "understudy/example.txt";

    final String operation;

    private final String ending;

    /** Of a tar archive, which then ends in .tar. */
    private final String tarEnding;

    /** {@link #TEXT} in this form, in Base64: the JDK packs by gzip only. */
    final String base64;

    Packed(String operation, String ending, String tarEnding, String base64) {
        this.operation = operation;
        this.ending = ending;
        this.tarEnding = tarEnding;
        this.base64 = base64;
    }

    static Packed of(String operation) {
        for (Packed each : values()) if (each.operation.equals(operation)) return each;
        throw new IllegalArgumentException("unpacks nothing: " + operation);
    }

    /** The form in which all of some files are packed, patterns of names among them. */
    static Packed of(List<String> files) throws NotAutomatable {
        for (Packed each : values()) if (!files.isEmpty() && files.stream().allMatch(each::isEnding)) return each;
        throw NotAutomatable.mine("its files do not all end in .gz, all in .bz2 or all in .xz");
    }

    boolean isEnding(String file) {
        return file.endsWith(ending) || file.endsWith(tarEnding);
    }

    /** The file that takes the place of a packed one. */
    String unpacked(String file) {
        if (file.endsWith(tarEnding)) return file.substring(0, file.length() - tarEnding.length()) + ".tar";
        if (file.endsWith(ending)) return file.substring(0, file.length() - ending.length());
        throw new IllegalArgumentException("not packed: " + file);
    }
}
