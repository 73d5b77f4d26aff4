package dev.understudy.sandbox.cell;

import dev.understudy.sandbox.protocol.FromCell;
import dev.understudy.sandbox.protocol.ToCell;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.NotLinkException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What a context may reach at the moment: nothing while it is being prepared, the host's answers for one run while that
 * lasts. One per context, used by the thread that is in the context.
 */
final class RunScope {
    private final HostLink host;
    private ToCell.@Nullable Terms terms;
    private Path workingDirectory = Path.of("/");
    private @Nullable String lastRefusal;
    private final AtomicLong programCpuNanos = new AtomicLong();

    RunScope(HostLink host) {
        this.host = host;
    }

    void begin(ToCell.Terms newTerms) {
        terms = newTerms;
        workingDirectory = Path.of(newTerms.workingDirectory());
        lastRefusal = null;
        programCpuNanos.set(0);
    }

    void end() {
        terms = null;
    }

    boolean active() {
        return terms != null;
    }

    ToCell.Terms terms() {
        if (terms == null) throw new IllegalStateException("no run is under way in this context");
        return terms;
    }

    HostLink host() {
        return host;
    }

    Path workingDirectory() {
        return workingDirectory;
    }

    void workingDirectory(Path directory) {
        workingDirectory = directory;
    }

    /** Whether it is the folder in which the run has begun; that the host has refused it is then forgotten. */
    boolean forgivesAt(Path path) {
        if (!active() || !path.equals(Path.of(terms().workingDirectory()).normalize())) return false;
        lastRefusal = null;
        return true;
    }

    /** The host's reason for the last operation that it refused in this run. */
    @Nullable
    String lastRefusal() {
        return lastRefusal;
    }

    /** Counts what a program used that the script had started. */
    void addProgramCpu(long nanos) {
        programCpuNanos.addAndGet(nanos);
    }

    /** CPU time of the programs that the run has started. Safe to ask from any thread. */
    long programCpuNanos() {
        return programCpuNanos.get();
    }

    /** Asks the host about files; a refusal comes as the exception that the languages turn into their own. */
    ToCell.Answer files(FromCell.Ask ask, String path) throws FileSystemException {
        if (!active()) throw new NoSuchFileException(path);
        ToCell.Answer answer = host.ask(ask);
        if (answer instanceof ToCell.Refused refused) throw failure(refused, path);
        return answer;
    }

    private FileSystemException failure(ToCell.Refused refused, String path) {
        String reason = refused.message();
        return switch (refused.reason()) {
            case NOT_FOUND -> new NoSuchFileException(path, null, reason);
            case ALREADY_EXISTS -> new FileAlreadyExistsException(path, null, reason);
            case NOT_GRANTED -> {
                lastRefusal = reason;
                yield new AccessDeniedException(path, null, reason);
            }
            case NOT_A_DIRECTORY -> new NotDirectoryException(path);
            case DIRECTORY_NOT_EMPTY -> new DirectoryNotEmptyException(path);
            case NOT_A_LINK -> new NotLinkException(path, null, reason);
            case TOO_MANY_LINKS -> new FileSystemLoopException(path);
            // By the system's own words Python knows it.
            case IS_A_DIRECTORY -> new FileSystemException(path, null, "Is a directory");
            case NAME_TOO_LONG -> new NameTooLongException(path);
            case BAD_HANDLE, LIMIT_EXCEEDED, INVALID, INPUT_OUTPUT, TIMED_OUT, NETWORK_FAILED ->
                new FileSystemException(path, null, reason);
        };
    }
}
