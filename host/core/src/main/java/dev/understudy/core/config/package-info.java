/** The YAML configuration as records, each mistake with file, line and key. */
@NullMarked
package dev.understudy.core.config;

import org.jspecify.annotations.NullMarked;
