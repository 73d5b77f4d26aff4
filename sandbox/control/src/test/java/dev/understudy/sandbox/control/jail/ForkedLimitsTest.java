package dev.understudy.sandbox.control.jail;

/** The same in forks of a server. */
class ForkedLimitsTest extends JailLimitsTest {
    @Override
    JailRunner runner() {
        return forking();
    }
}
