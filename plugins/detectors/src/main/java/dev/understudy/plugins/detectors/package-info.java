/** Built-in pattern detectors. */
@NullMarked
package dev.understudy.plugins.detectors;

import org.jspecify.annotations.NullMarked;
