package dev.understudy.bench.fuzz;

import java.util.LinkedHashMap;
import java.util.Map;

/** All targets, by the names of their classes, which are those of the folders of their corpora, too. */
final class Targets {
    /** As libFuzzer calls it. */
    @FunctionalInterface
    interface Target {
        void fuzzerTestOneInput(byte[] input) throws Exception;
    }

    static final Map<String, Target> ALL = all();

    private Targets() {}

    private static Map<String, Target> all() {
        var all = new LinkedHashMap<String, Target>();
        all.put("Histories", Histories::fuzzerTestOneInput);
        all.put("Metadata", Metadata::fuzzerTestOneInput);
        all.put("Frames", Frames::fuzzerTestOneInput);
        all.put("Traces", Traces::fuzzerTestOneInput);
        all.put("HttpApi", HttpApi::fuzzerTestOneInput);
        all.put("Configuration", Configuration::fuzzerTestOneInput);
        all.put("TemplateManifests", TemplateManifests::fuzzerTestOneInput);
        return all;
    }
}
