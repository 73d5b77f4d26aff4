package dev.understudy.sandbox.control.jail;

/** The same in forks of a server. */
class ForkedNativeRunTest extends NativeRunTest {
    @Override
    JailRunner runner() {
        return forking();
    }
}
