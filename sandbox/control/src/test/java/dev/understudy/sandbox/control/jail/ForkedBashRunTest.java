package dev.understudy.sandbox.control.jail;

/** The same in forks of a server. */
class ForkedBashRunTest extends BashRunTest {
    @Override
    JailRunner runner() {
        return forking();
    }
}
