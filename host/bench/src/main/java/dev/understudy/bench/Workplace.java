package dev.understudy.bench;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Where a benchmark works.
 *
 * @param data the folder with the real data sets, if there is one on this machine; what needs it says so in a row's
 *     {@code note} where it is missing
 * @param folder empty, for whatever the benchmark makes; taken away after it
 * @param cells where the cells' AOT caches lie; they may last from one measurement to the next
 */
public record Workplace(Optional<Path> data, Path folder, Path cells) {}
