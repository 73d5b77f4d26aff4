@NullMarked
package dev.understudy.fleet;

import org.jspecify.annotations.NullMarked;
