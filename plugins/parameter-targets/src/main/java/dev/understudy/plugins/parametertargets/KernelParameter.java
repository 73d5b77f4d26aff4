package dev.understudy.plugins.parametertargets;

import dev.understudy.spi.optimization.Dimension;

/**
 * A kernel parameter that may be tuned.
 *
 * @param file that holds it, below the root folder
 * @param meaning one line: what it does, and its unit
 * @param rival file of a parameter that takes this one's place while it is not 0, and that the kernel clears when this one
 *     is written; empty if there is none
 */
record KernelParameter(Dimension dimension, String file, Form form, String meaning, String rival) {

    String name() {
        return dimension.name();
    }
}
