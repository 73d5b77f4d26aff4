package dev.understudy.sandbox.control.cells;

import dev.understudy.sandbox.control.RunRequest;
import java.util.List;

/**
 * What the host does for a script where level and grants allow it. Called from a run's own thread, which waits; the
 * implementation checks the grants, bounds what it returns, and returns promptly when that thread is interrupted.
 */
public interface HostServices {
    /** Does nothing for anybody. */
    HostServices NONE = new HostServices() {};

    /** The services for one run, asked for once when it begins; what they remember ends with it. */
    default HostServices forRun(RunRequest request) {
        return this;
    }

    /** Starts a program in the jail and waits for its end. */
    default ProgramResult run(RunRequest request, String program, List<String> arguments, byte[] standardInput)
            throws ServiceException, InterruptedException {
        throw new ServiceException("not allowed: starting programs (this host gives scripts no way to)");
    }

    /** Sends one request to a granted host. */
    default HttpResult http(RunRequest request, HttpRequest http) throws ServiceException, InterruptedException {
        throw new ServiceException("not allowed: network (this host gives scripts no way to it)");
    }

    @SuppressWarnings("ArrayRecordComponent") // bulk data on its way to the script
    record ProgramResult(int exitCode, byte[] standardOutput, byte[] standardError) {}

    /** {@code headers} holds names and values in turn. */
    @SuppressWarnings("ArrayRecordComponent") // bulk data on its way from the script
    record HttpRequest(String method, String url, List<String> headers, byte[] body) {
        public HttpRequest {
            headers = List.copyOf(headers);
        }
    }

    /** {@code headers} holds names and values in turn. */
    @SuppressWarnings("ArrayRecordComponent") // bulk data on its way to the script
    record HttpResult(int status, List<String> headers, byte[] body) {
        public HttpResult {
            headers = List.copyOf(headers);
        }
    }

    /** A service was refused or did not work; the message is for the script's author. */
    final class ServiceException extends Exception {
        private static final long serialVersionUID = 1;

        private final String reason;

        public ServiceException(String reason) {
            super(reason);
            this.reason = reason;
        }

        public String reason() {
            return reason;
        }
    }
}
