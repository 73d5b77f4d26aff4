/**
 * What a person says about settings for one kind of work: which parameters, how far they may go, what counts, and how much
 * leave is given. Start at {@link dev.understudy.core.profile.OptimizationProfile}. Nothing here acts.
 */
@NullMarked
package dev.understudy.core.profile;

import org.jspecify.annotations.NullMarked;
