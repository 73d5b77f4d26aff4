package dev.understudy.sandbox.control.jail;

import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.TimeUnit;

/**
 * A process that a restricted thread has started, with a handle that works. Java tells processes of one id apart by the
 * start time in {@code /proc}, which the restricted thread could not read; so the handle that it made finds nothing to end.
 */
final class LandlockedProcess extends Process {
    private final Process process;
    private final ProcessHandle handle;

    /** Called by a thread that is not restricted. */
    LandlockedProcess(Process process) {
        this.process = process;
        this.handle = ProcessHandle.of(process.pid()).orElseGet(process::toHandle);
    }

    @Override
    public OutputStream getOutputStream() {
        return process.getOutputStream();
    }

    @Override
    public InputStream getInputStream() {
        return process.getInputStream();
    }

    @Override
    public InputStream getErrorStream() {
        return process.getErrorStream();
    }

    @Override
    public int waitFor() throws InterruptedException {
        return process.waitFor();
    }

    @Override
    public boolean waitFor(long timeout, TimeUnit unit) throws InterruptedException {
        return process.waitFor(timeout, unit);
    }

    @Override
    public int exitValue() {
        return process.exitValue();
    }

    @Override
    public boolean isAlive() {
        return process.isAlive();
    }

    @Override
    public void destroy() {
        handle.destroy();
    }

    @Override
    public Process destroyForcibly() {
        handle.destroyForcibly();
        return this;
    }

    @Override
    public ProcessHandle toHandle() {
        return handle;
    }

    @Override
    public long pid() {
        return process.pid();
    }
}
