package dev.understudy.sandbox.control.cells;

import dev.understudy.sandbox.control.files.FileView;
import dev.understudy.sandbox.control.files.FileViewException;
import dev.understudy.sandbox.protocol.FromCell;
import dev.understudy.sandbox.protocol.ToCell;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Answers a cell's questions about files from the run's view. */
final class ViewDesk {
    private final FileView view;

    ViewDesk(FileView view) {
        this.view = view;
    }

    ToCell.Answer answer(FromCell.Ask ask) {
        try {
            return perform(ask);
        } catch (FileViewException e) {
            return new ToCell.Refused(reason(e.code()), String.valueOf(e.getMessage()));
        } catch (InvalidPathException _) {
            return new ToCell.Refused(ToCell.Reason.INVALID, "not a path");
        }
    }

    private ToCell.Answer perform(FromCell.Ask ask) throws FileViewException {
        switch (ask) {
            case FromCell.Stat stat -> {
                return info(view.attributes(path(stat.path()), links(stat.links())));
            }
            case FromCell.ListNames list -> {
                return new ToCell.Names(view.list(path(list.path())));
            }
            case FromCell.Open open -> {
                return new ToCell.Opened(view.open(path(open.path()), modes(open.modes())));
            }
            case FromCell.Read read -> {
                return new ToCell.Bytes(view.read(read.handle(), read.position(), read.length()));
            }
            case FromCell.Write write -> view.write(write.handle(), write.position(), write.bytes());
            case FromCell.Size size -> {
                return new ToCell.Length(view.size(size.handle()));
            }
            case FromCell.Truncate truncate -> view.truncate(truncate.handle(), truncate.size());
            case FromCell.Close close -> view.close(close.handle());
            case FromCell.MakeDirectory make -> view.createDirectory(path(make.path()));
            case FromCell.Delete delete -> view.delete(path(delete.path()));
            case FromCell.Move move -> view.move(path(move.from()), path(move.to()), existing(move.existing()));
            case FromCell.Copy copy ->
                view.copy(path(copy.from()), path(copy.to()), follow(copy.follow()), keep(copy.keep()));
            case FromCell.CopyAttributes copy -> view.copyAttributes(path(copy.from()), path(copy.to()));
            case FromCell.MakeLink make -> view.createSymbolicLink(path(make.link()), Path.of(make.target()));
            case FromCell.MakeName make -> view.createLink(path(make.name()), path(make.existing()));
            case FromCell.ReadLink read -> {
                return new ToCell.Place(view.readSymbolicLink(path(read.link())).toString());
            }
            case FromCell.SetAttributes set ->
                view.setAttributes(
                        path(set.path()),
                        set.modifiedNanos() == FromCell.SetAttributes.KEEP ? null : instant(set.modifiedNanos()),
                        set.posixMode() == FromCell.SetAttributes.KEEP_MODE ? null : (Integer) set.posixMode());
            case FromCell.RealPath real -> {
                return new ToCell.Place(view.realPath(path(real.path())).toString());
            }
            case FromCell.RunProgram _, FromCell.Http _, FromCell.Facts _, FromCell.Secret _ ->
                throw new IllegalArgumentException("not about files: " + ask.getClass());
        }
        return new ToCell.Done();
    }

    private static Path path(String text) throws FileViewException {
        Path path = Path.of(text);
        if (!path.isAbsolute())
            throw new FileViewException(FileViewException.Code.INVALID, "not an absolute path: " + text);
        return path;
    }

    private static FileView.Links links(FromCell.LinkChoice choice) {
        return switch (choice) {
            case FOLLOW -> FileView.Links.FOLLOW;
            case NOFOLLOW -> FileView.Links.NOFOLLOW;
        };
    }

    private static FileView.Follow follow(FromCell.FollowChoice choice) {
        return switch (choice) {
            case NONE -> FileView.Follow.NONE;
            case NAMED -> FileView.Follow.NAMED;
            case ALL -> FileView.Follow.ALL;
        };
    }

    private static FileView.Keep keep(FromCell.KeepChoice choice) {
        return switch (choice) {
            case CONTENT -> FileView.Keep.CONTENT;
            case ATTRIBUTES -> FileView.Keep.ATTRIBUTES;
            case ALL -> FileView.Keep.ALL;
        };
    }

    private static FileView.Existing existing(FromCell.ExistingChoice choice) {
        return switch (choice) {
            case FAIL -> FileView.Existing.FAIL;
            case REPLACE -> FileView.Existing.REPLACE;
        };
    }

    private static Set<FileView.OpenMode> modes(int bits) {
        var modes = EnumSet.noneOf(FileView.OpenMode.class);
        if ((bits & FromCell.Open.MODE_READ) != 0) modes.add(FileView.OpenMode.READ);
        if ((bits & FromCell.Open.MODE_WRITE) != 0) modes.add(FileView.OpenMode.WRITE);
        if ((bits & FromCell.Open.MODE_CREATE) != 0) modes.add(FileView.OpenMode.CREATE);
        if ((bits & FromCell.Open.MODE_CREATE_NEW) != 0) modes.add(FileView.OpenMode.CREATE_NEW);
        if ((bits & FromCell.Open.MODE_TRUNCATE) != 0) modes.add(FileView.OpenMode.TRUNCATE);
        return modes;
    }

    private static ToCell.FileInfo info(FileView.Attributes attributes) {
        ToCell.FileKind kind = switch (attributes.kind()) {
            case FILE -> ToCell.FileKind.FILE;
            case DIRECTORY -> ToCell.FileKind.DIRECTORY;
            case SYMBOLIC_LINK -> ToCell.FileKind.SYMBOLIC_LINK;
            case OTHER -> ToCell.FileKind.OTHER;
        };
        return new ToCell.FileInfo(
                kind,
                attributes.size(),
                nanos(attributes.lastModified()),
                nanos(attributes.created()),
                attributes.posixMode(),
                attributes.uid(),
                attributes.gid(),
                attributes.fileKey(),
                attributes.names());
    }

    private static long nanos(Instant instant) {
        return TimeUnit.SECONDS.toNanos(instant.getEpochSecond()) + instant.getNano();
    }

    private static Instant instant(long nanos) {
        return Instant.ofEpochSecond(Math.floorDiv(nanos, 1_000_000_000L), Math.floorMod(nanos, 1_000_000_000L));
    }

    private static ToCell.Reason reason(FileViewException.Code code) {
        return switch (code) {
            case NOT_FOUND -> ToCell.Reason.NOT_FOUND;
            case ALREADY_EXISTS -> ToCell.Reason.ALREADY_EXISTS;
            case NOT_GRANTED -> ToCell.Reason.NOT_GRANTED;
            case NOT_A_DIRECTORY -> ToCell.Reason.NOT_A_DIRECTORY;
            case IS_A_DIRECTORY -> ToCell.Reason.IS_A_DIRECTORY;
            case DIRECTORY_NOT_EMPTY -> ToCell.Reason.DIRECTORY_NOT_EMPTY;
            case NOT_A_LINK -> ToCell.Reason.NOT_A_LINK;
            case TOO_MANY_LINKS -> ToCell.Reason.TOO_MANY_LINKS;
            case BAD_HANDLE -> ToCell.Reason.BAD_HANDLE;
            case LIMIT_EXCEEDED -> ToCell.Reason.LIMIT_EXCEEDED;
            case INVALID -> ToCell.Reason.INVALID;
            case INPUT_OUTPUT -> ToCell.Reason.INPUT_OUTPUT;
            case NAME_TOO_LONG -> ToCell.Reason.NAME_TOO_LONG;
        };
    }
}
