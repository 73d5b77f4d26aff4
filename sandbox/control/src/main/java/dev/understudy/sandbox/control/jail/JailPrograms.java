package dev.understudy.sandbox.control.jail;

import dev.understudy.sandbox.control.Grants;
import dev.understudy.sandbox.control.Limits;
import dev.understudy.sandbox.control.RunListener;
import dev.understudy.sandbox.control.RunOutcome;
import dev.understudy.sandbox.control.RunOutcome.LimitExceeded;
import dev.understudy.sandbox.control.RunRequest;
import dev.understudy.sandbox.control.cells.HostServices.Program;
import dev.understudy.sandbox.control.cells.HostServices.ProgramEnd;
import dev.understudy.sandbox.control.cells.HostServices.Programs;
import dev.understudy.sandbox.control.cells.HostServices.ProgramsOfRun;
import dev.understudy.sandbox.control.cells.HostServices.ServiceException;
import dev.understudy.sandbox.control.cells.HostServices.ServiceException.Kind;
import dev.understudy.sandbox.control.cells.RunFiles;
import dev.understudy.sandbox.control.files.FileView;
import dev.understudy.sandbox.control.files.FileViewException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Starts granted programs for scripts in cells, each in a jail of its own that shows the run's view of its files: what the
 * script has changed is there, and what the program changes is in the view when it has ended. A program that fails has
 * changed what it changed; the run's end decides what becomes of all of it.
 */
public final class JailPrograms implements Programs {
    /** Programs may be runtimes that reserve much address space, so their data is limited in its place. */
    private static final Dialect.Needs NEEDS = new Dialect.Needs(0, 0, Dialect.Needs.Reserves.MUCH);

    private final Jail jail;
    private final List<Path> hostOwn;
    private final Path home;

    /**
     * @param hostOwn folders of the host itself, which no grant gives
     * @param home what {@code ~} stands for in scripts
     */
    public JailPrograms(Jail jail, List<Path> hostOwn, Path home) {
        this.jail = jail;
        this.hostOwn = List.copyOf(hostOwn);
        this.home = home;
    }

    @Override
    public Optional<RunOutcome.Refused> refusal(RunRequest request) {
        return jail.refusal().or(() -> ReducedViews.refusalOfPrograms(jail)).or(() -> GrantedPrograms.refusal(request));
    }

    @Override
    public ProgramsOfRun open(RunRequest request, RunFiles.Transaction files) throws ServiceException {
        Optional<RunOutcome.Refused> refusal = refusal(request);
        if (refusal.isPresent())
            throw new ServiceException(
                    Kind.NOT_ALLOWED,
                    refusal.get().reason() + "; " + refusal.get().mend());
        return new OfRun(request, files);
    }

    private final class OfRun implements ProgramsOfRun {
        private final RunRequest request;
        private final RunFiles.Transaction files;
        private final Object lock = new Object();
        private @Nullable JailedProcess process;
        private boolean closed;

        OfRun(RunRequest request, RunFiles.Transaction files) {
            this.request = request;
            this.files = files;
        }

        @Override
        public ProgramEnd run(Program program, Limits left) throws ServiceException, InterruptedException {
            long diskBytes = request.limits().diskBytes();
            try (JailSpace space = jail.kit().open(jail.kit().fitsInMemory(diskBytes))) {
                JailFiles shown = JailFiles.prepare(files.view(), grants(), changed(), hostOwn, space, jail, diskBytes);
                List<String> arguments = arguments(space, shown, program, left);
                JailedProcess started;
                synchronized (lock) {
                    if (closed) return new ProgramEnd.Stopped(new RunOutcome.Cancelled());
                    started = JailedProcess.start(
                            space.launch(),
                            arguments,
                            program.standardInput(),
                            left,
                            allowance(space, shown),
                            RunListener.SILENT,
                            JailedProcess.Reading.RAW);
                    process = started;
                }
                return finish(started.await(), started, space, shown, left);
            } catch (JailFiles.TooLarge large) {
                throw new ServiceException(Kind.FAILED, large.getMessage() + "; raise the limit 'disk', or grant less");
            } catch (FileViewException refused) {
                throw new ServiceException(Kind.FAILED, String.valueOf(refused.getMessage()));
            } catch (IOException failure) {
                throw new ServiceException(
                        Kind.FAILED,
                        "the jail for " + program.name() + " could not be set up: " + failure.getMessage());
            }
        }

        /** The workspace is the run's own, so programs see it, too. */
        private Grants grants() {
            Grants granted = request.grants();
            List<Path> writes = new ArrayList<>(granted.writes());
            writes.add(files.view().workspace());
            return new Grants(granted.reads(), writes, granted.hosts(), granted.programs());
        }

        /** Copies show the view as it is; only overlays need to be told where it differs from the host. */
        private RunFiles.ChangedPaths changed() throws IOException {
            Set<Path> present = new LinkedHashSet<>(request.stagedFiles().keySet());
            present.addAll(request.stagedFolders());
            if (!jail.overlays() || jail.kit().root())
                return new RunFiles.ChangedPaths(List.copyOf(present), List.of());
            RunFiles.ChangedPaths changed = files.changedPaths();
            present.removeAll(changed.gone());
            present.addAll(changed.present());
            return new RunFiles.ChangedPaths(present.stream().sorted().toList(), changed.gone());
        }

        private List<String> arguments(JailSpace space, JailFiles shown, Program program, Limits left)
                throws IOException, ServiceException {
            Path name = Path.of(program.name()).getFileName();
            if (name == null)
                throw new ServiceException(Kind.NOT_ALLOWED, "no program has this name: " + program.name());
            List<JailCommand.Mount> mounts = new ArrayList<>(GrantedPrograms.mounts(request, jail.kit()));
            mounts.addAll(shown.mounts());
            for (Path folder : ownFolders())
                if (!JailRun.isShown(folder, grants())) mounts.add(new JailCommand.Mount.Folder(folder));
            requireFolder(program.directory());
            List<String> command = new ArrayList<>();
            command.add(GrantedPrograms.FOLDER.resolve(name).toString());
            command.addAll(program.arguments());
            return space.arguments(
                    mounts,
                    shown.rootAccess(),
                    Map.of("PATH", GrantedPrograms.FOLDER.toString(), "HOME", home.toString()),
                    program.directory(),
                    JailRun.kernelLimits(left, NEEDS),
                    command);
        }

        /** Folders that are there for every script, be they granted or empty. */
        private List<Path> ownFolders() {
            Path directory = request.workingDirectory();
            return directory == null ? List.of(home) : List.of(home, directory);
        }

        private void requireFolder(Path directory) throws ServiceException {
            if (ownFolders().contains(directory)) return;
            try {
                if (files.view().attributes(directory, FileView.Links.FOLLOW).kind() == FileView.Kind.DIRECTORY) return;
            } catch (FileViewException refused) {
                throw new ServiceException(
                        refused.code() == FileViewException.Code.NOT_GRANTED ? Kind.NOT_ALLOWED : Kind.FAILED,
                        String.valueOf(refused.getMessage()));
            }
            throw new ServiceException(Kind.FAILED, "not a folder to start a program in: " + directory);
        }

        private RunWatch.Allowance allowance(JailSpace space, JailFiles shown) throws IOException {
            List<Path> folders = new ArrayList<>(space.writableFolders());
            folders.addAll(shown.watched());
            folders = folders.stream().distinct().toList();
            return new RunWatch.Allowance(
                    NEEDS.tasks(), NEEDS.memoryBytes(), folders, DiskUse.bytes(folders, Long.MAX_VALUE / 2));
        }

        private ProgramEnd finish(
                RunWatch.Ending ending, JailedProcess ended, JailSpace space, JailFiles shown, Limits left)
                throws IOException {
            RunOutcome outcome = new RunResult(space.result(), left, RunRequest.Language.BASH).outcome(ending);
            if (outcome instanceof LimitExceeded || ending.stopped().isPresent())
                return new ProgramEnd.Stopped(outcome);
            try {
                shown.replay();
            } catch (FileViewException refused) {
                return new ProgramEnd.Stopped(JailRun.refused(refused, files.view()));
            } catch (TakenBack.Failure failure) {
                return new ProgramEnd.Stopped(new RunOutcome.Failed(String.valueOf(failure.getMessage()), ""));
            }
            return new ProgramEnd.Ended(
                    ending.exitCode(),
                    ended.raw("stdout"),
                    ended.raw("stderr"),
                    ending.usage().cpuTime(),
                    Math.max(1, ending.usage().processes()),
                    ending.usage().ioBytes());
        }

        @Override
        public void close() {
            synchronized (lock) {
                closed = true;
                if (process != null) process.watch().stop(new RunOutcome.Cancelled());
            }
        }
    }
}
