/** Task history: import from sources, removal of secrets, retention. */
@NullMarked
package dev.understudy.core.history;

import org.jspecify.annotations.NullMarked;
