/** Texts for people and shells. */
@NullMarked
package dev.understudy.core.text;

import org.jspecify.annotations.NullMarked;
