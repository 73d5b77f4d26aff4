package dev.understudy.sandbox.control.jail;

/** The same in forks of a server. */
class ForkedEscapeTest extends JailEscapeTest {
    @Override
    JailRunner runner() {
        return forking();
    }
}
