@NullMarked
package dev.understudy.core.patterns;

import org.jspecify.annotations.NullMarked;
