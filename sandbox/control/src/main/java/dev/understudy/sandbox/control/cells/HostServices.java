package dev.understudy.sandbox.control.cells;

import dev.understudy.sandbox.control.Limits;
import dev.understudy.sandbox.control.RunOutcome;
import dev.understudy.sandbox.control.RunRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What the host does for scripts in cells where level and grants allow it. Each run opens what it needs for itself and
 * closes it with the run.
 */
public record HostServices(Programs programs, Http http) {
    /** Does nothing for anybody. */
    public static final HostServices NONE = new HostServices(
            (_, _) -> {
                throw ServiceException.notAllowed("not allowed: starting programs (this host gives scripts no way to)");
            },
            _ -> {
                throw ServiceException.notAllowed("not allowed: network (this host gives scripts no way to it)");
            });

    /** Starts programs. Safe for use by several threads. */
    @FunctionalInterface
    public interface Programs {
        /** Gives a run its way to programs; costs nothing before the first one. */
        ProgramsOfRun open(RunRequest request, RunFiles.Transaction files) throws ServiceException;

        /** Why a run that is granted programs cannot have them on this machine; empty if it can. */
        default Optional<RunOutcome.Refused> refusal(RunRequest request) {
            return Optional.empty();
        }
    }

    /** One run's way to programs. Used by the run's own thread, but for {@link #close}, which may come from any. */
    public interface ProgramsOfRun extends AutoCloseable {
        /**
         * Starts a granted program on the run's own view of the files and waits for its end. What it changed is in the
         * view then.
         *
         * @param left what is left of the run's limits
         */
        ProgramEnd run(Program program, Limits left) throws ServiceException, InterruptedException;

        /** Ends what is under way, with all its descendants, at once; later calls start nothing. May be called twice. */
        @Override
        void close();
    }

    /**
     * A program as a script asks for it. Nothing in it is trusted.
     *
     * @param name as it is granted
     * @param directory where it starts, absolute
     */
    @SuppressWarnings("ArrayRecordComponent") // bulk data on its way from the script
    public record Program(String name, List<String> arguments, byte[] standardInput, Path directory) {
        public Program {
            arguments = List.copyOf(arguments);
        }
    }

    /** How a program ended. */
    public sealed interface ProgramEnd {
        /**
         * By itself.
         *
         * @param processes that it had at once, itself included
         * @param ioBytes read and written, as of {@link dev.understudy.sandbox.control.RunReport.Usage}
         */
        @SuppressWarnings("ArrayRecordComponent") // bulk data on its way to the script
        record Ended(
                int exitCode,
                byte[] standardOutput,
                byte[] standardError,
                Duration cpuTime,
                int processes,
                OptionalLong ioBytes)
                implements ProgramEnd {}

        /** The run's end came first; the limits in it are those that were left. */
        record Stopped(RunOutcome outcome) implements ProgramEnd {}
    }

    /** Sends requests. Safe for use by several threads. */
    @FunctionalInterface
    public interface Http {
        /** Gives a run its way to the network; costs nothing before the first request. */
        HttpOfRun open(RunRequest request) throws ServiceException;
    }

    /** One run's way to the network. Used by the run's own thread, but for {@link #close}, which may come from any. */
    public interface HttpOfRun extends AutoCloseable {
        /** Sends one request to a granted host and waits for the answer. */
        HttpResult send(HttpRequest request) throws ServiceException;

        /** Ends what is under way. May be called twice. */
        @Override
        void close();
    }

    /**
     * A request as a script asks for it.
     *
     * @param headers names and values in turn
     * @param timeout for all of it; empty leaves it to the host
     */
    @SuppressWarnings("ArrayRecordComponent") // bulk data on its way from the script
    public record HttpRequest(
            String method, String url, List<String> headers, byte[] body, Optional<Duration> timeout) {
        public HttpRequest {
            headers = List.copyOf(headers);
        }
    }

    /**
     * What a server answered.
     *
     * @param headers names and values in turn
     * @param charset in which the body is text
     */
    @SuppressWarnings("ArrayRecordComponent") // bulk data on its way to the script
    public record HttpResult(int status, List<String> headers, byte[] body, String charset) {
        public HttpResult {
            headers = List.copyOf(headers);
        }
    }

    /** A service was refused or did not work; the reason is for the script's author. */
    public static final class ServiceException extends Exception {
        private static final long serialVersionUID = 1;

        private final Kind kind;
        private final String reason;

        /** What went wrong. */
        public enum Kind {
            /** Level or grants do not allow it. */
            NOT_ALLOWED,
            /** It took longer than it may. */
            TIMED_OUT,
            /** The other end could not be reached or broke off. */
            NETWORK_FAILED,
            /** This machine could not do it. */
            FAILED
        }

        public ServiceException(Kind kind, String reason) {
            super(reason);
            this.kind = kind;
            this.reason = reason;
        }

        static ServiceException notAllowed(String reason) {
            return new ServiceException(Kind.NOT_ALLOWED, reason);
        }

        public Kind kind() {
            return kind;
        }

        public String reason() {
            return reason;
        }
    }
}
