package dev.understudy.sandbox.control.cells;

import dev.understudy.sandbox.control.RunRequest.Language;

/**
 * What tells cells apart before any script has run in them.
 *
 * @param language JavaScript or Python
 * @param memoryMebibytes the guest data that its heap has room for, a power of two
 */
record CellKey(Language language, int memoryMebibytes) {
    private static final int LEAST = 64;
    private static final int MOST = 1 << 20;

    static CellKey of(Language language, long memoryBytes) {
        long mebibytes = Math.clamp((memoryBytes + (1 << 20) - 1) >> 20, LEAST, MOST);
        int power = LEAST;
        while (power < mebibytes) power <<= 1;
        return new CellKey(language, power);
    }

    /** The language's name on the cell's command line. */
    String languageId() {
        return switch (language) {
            case JAVASCRIPT -> "js";
            case PYTHON -> "python";
            case BASH, APPLESCRIPT -> throw new IllegalStateException("no cell speaks " + language);
        };
    }

    /** Room for the runtime itself beside the guest's data: what a cell held after a few runs, with a margin. */
    int heapMebibytes() {
        return memoryMebibytes
                + switch (language) {
                    case JAVASCRIPT -> 96;
                    case PYTHON -> 224;
                    case BASH, APPLESCRIPT -> throw new IllegalStateException("no cell speaks " + language);
                };
    }

    /**
     * What the heap starts with, which it never shrinks below: by default all of it, so that an idle JavaScript cell kept
     * 269 MB after a script that had used 120 MB. Python holds twice as much from the start, and would only grow there.
     */
    int initialHeapMebibytes() {
        return switch (language) {
            case JAVASCRIPT -> 32;
            case PYTHON -> 128;
            case BASH, APPLESCRIPT -> throw new IllegalStateException("no cell speaks " + language);
        };
    }
}
