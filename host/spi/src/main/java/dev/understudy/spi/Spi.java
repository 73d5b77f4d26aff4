package dev.understudy.spi;

/** The version of this service provider interface. */
public final class Spi {
    /**
     * The major version. A plugin's manifest names the one it was built for in {@code Plugin-Requires} (a PF4J version
     * expression such as {@code >=1.0.0 & <2.0.0}); the host refuses a plugin built for another one.
     */
    public static final String VERSION = "1.0.0";

    private Spi() {}
}
