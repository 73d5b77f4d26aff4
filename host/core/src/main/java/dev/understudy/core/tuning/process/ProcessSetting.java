package dev.understudy.core.tuning.process;

/** What can be set for a process. */
public enum ProcessSetting {
    /** From -20, first, to 19, last. */
    NICE("nice", "Turn at the processor: -20 first, 19 last"),
    /** {@code none}, {@code idle}, {@code best-effort:0..7} or {@code realtime:0..7}, 0 being first. */
    IO_CLASS("io-class", "Turn at the disks: idle waits for all others, best-effort:0 is first"),
    /** Numbers and ranges, as in {@code 0-3,8}. */
    CPUS("cpus", "Cores on which it may run"),
    /** Of its control group: 1 to 10000 in version 2, where 100 is even; 2 to 262144 in version 1, where 1024 is. */
    CPU_WEIGHT("cpu-weight", "Share of the processor that its control group gets, beside other groups");

    private final String id;
    private final String meaning;

    ProcessSetting(String id, String meaning) {
        this.id = id;
        this.meaning = meaning;
    }

    /** The last part of a parameter's name. */
    public String id() {
        return id;
    }

    String meaning() {
        return meaning;
    }
}
