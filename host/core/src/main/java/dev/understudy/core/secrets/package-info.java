/**
 * Secrets that a person gives to Understudy for scripts: where they are kept, and taking them out of what scripts say.
 *
 * <p>Start at {@link dev.understudy.core.secrets.SecretStore}. A value leaves this package for a run that was granted it, and
 * for nothing else: it is in no message, no log and no {@code toString}.
 */
@NullMarked
package dev.understudy.core.secrets;

import org.jspecify.annotations.NullMarked;
