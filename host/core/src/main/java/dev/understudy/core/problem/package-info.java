/** What people are told when something cannot be done: what, why, and how to mend it. */
@NullMarked
package dev.understudy.core.problem;

import org.jspecify.annotations.NullMarked;
