package dev.understudy.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a benchmark finds that makes no files. */
final class Measured {
    private Measured() {}

    static List<Row> rows(Benchmark benchmark, Optional<Path> data) throws IOException, InterruptedException {
        var rows = new ArrayList<Row>();
        benchmark.run(new Workplace(data, Path.of("none"), Path.of("none")), rows::add);
        return rows;
    }
}
