package dev.understudy.core.profile;

/**
 * What a profile allows; each allows what is before it. Where nothing measures progress, all are as {@link #ADVISE}
 * ({@link OptimizationProfile#measuresProgress}).
 */
public enum Leave {
    /** To say what a person could set. Nothing is written. */
    ADVISE,
    /** To try settings on this machine and put them back. */
    TRY,
    /** To leave the best setting in place where the race says that it is better. */
    APPLY
}
