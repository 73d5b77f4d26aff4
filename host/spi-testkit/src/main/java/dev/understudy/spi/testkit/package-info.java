/** Contract tests that every plugin, built-in or not, extends: one class per extension point, one factory method to implement. */
@NullMarked
package dev.understudy.spi.testkit;

import org.jspecify.annotations.NullMarked;
