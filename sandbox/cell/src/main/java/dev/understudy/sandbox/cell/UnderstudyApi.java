package dev.understudy.sandbox.cell;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.understudy.sandbox.protocol.FromCell;
import dev.understudy.sandbox.protocol.ToCell;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.proxy.ProxyArray;
import org.graalvm.polyglot.proxy.ProxyExecutable;
import org.jspecify.annotations.Nullable;

/**
 * What stands behind the guest's {@code understudy} object: one function that takes the name of an act and its
 * arguments. The preludes of the languages give it its shape.
 */
final class UnderstudyApi implements ProxyExecutable {
    private static final int LONGEST_LOG_CHARS = 1 << 20;

    private final RunScope scope;
    private final GuestFiles files;
    private final HostRequests requests;
    private final Map<FromCell.Channel, GuestOutput> logs = new EnumMap<>(FromCell.Channel.class);
    private final List<GuestOutput> outputs;
    private @Nullable Value raise;

    UnderstudyApi(RunScope scope, GuestFiles files, List<GuestOutput> outputs) {
        this.scope = scope;
        this.files = files;
        this.requests = new HostRequests(scope, files);
        this.outputs = outputs;
    }

    /** The guest's function that throws its own kind of error. */
    void raiseWith(Value function) {
        raise = function;
    }

    @Override
    public @Nullable Object execute(Value... arguments) {
        String act = arguments[0].asString();
        try {
            return perform(act, arguments);
        } catch (HostRequests.RefusedException e) {
            return fail(e.kind(), e.reason());
        } catch (AccessDeniedException e) {
            return fail("NOT_GRANTED", reason(e));
        } catch (NoSuchFileException e) {
            return fail("NOT_FOUND", "no such file or folder: " + e.getFile());
        } catch (FileAlreadyExistsException e) {
            return fail("ALREADY_EXISTS", "already there: " + e.getFile());
        } catch (NotDirectoryException e) {
            return fail("NOT_A_DIRECTORY", "not a folder: " + e.getFile());
        } catch (NameTooLongException e) {
            return fail("NAME_TOO_LONG", "the name is too long: " + e.getFile());
        } catch (CharacterCodingException _) {
            return fail("INVALID", arguments[1].asString() + " is not text in UTF-8; use readBytes");
        } catch (InvalidPathException e) {
            return fail("INVALID", "not a path: " + e.getReason());
        } catch (FileSystemException e) {
            return fail("INPUT_OUTPUT", reason(e));
        } catch (IOException e) {
            return fail("INPUT_OUTPUT", act + " did not work: " + e.getMessage());
        }
    }

    private static String reason(FileSystemException e) {
        return e.getReason() != null ? e.getReason() : e.getFile() + ": not possible";
    }

    private @Nullable Object fail(String kind, String message) {
        if (raise == null) throw new IllegalStateException(message);
        raise.execute(kind, message);
        throw new IllegalStateException("the guest's raise function came back");
    }

    private @Nullable Object perform(String act, Value... arguments) throws IOException, HostRequests.RefusedException {
        switch (act) {
            case "log" -> log(FromCell.Channel.valueOf(arguments[1].asString()), arguments[2].asString());
            case "progress" -> progress(arguments[1].asDouble(), arguments[2].asString());
            case "forbid" -> {
                return forbid(arguments[1].asString());
            }
            case "expand" -> {
                return expand(arguments[1]).toString();
            }
            case "read" -> {
                return UTF_8.newDecoder()
                        .decode(ByteBuffer.wrap(read(expand(arguments[1]))))
                        .toString();
            }
            case "readBytes" -> {
                return ByteBuffer.wrap(read(expand(arguments[1])));
            }
            case "write" -> write(expand(arguments[1]), arguments[2].asString().getBytes(UTF_8), false);
            case "append" -> write(expand(arguments[1]), arguments[2].asString().getBytes(UTF_8), true);
            case "writeBytes" -> write(expand(arguments[1]), bytes(arguments), false);
            case "appendBytes" -> write(expand(arguments[1]), bytes(arguments), true);
            case "copy" ->
                files.copy(
                        expand(arguments[1]),
                        into(expand(arguments[1]), expand(arguments[2])),
                        choice(FromCell.FollowChoice.class, arguments[3]),
                        choice(FromCell.KeepChoice.class, arguments[4]));
            case "copyAttributes" -> files.copyAttributes(expand(arguments[1]), expand(arguments[2]));
            case "readLink" -> {
                return files.readSymbolicLink(expand(arguments[1])).toString();
            }
            case "link" -> files.createLink(expand(arguments[1]), expand(arguments[2]));
            case "setTime" ->
                files.setAttribute(
                        expand(arguments[1]),
                        "lastModifiedTime",
                        FileTime.from(Instant.ofEpochSecond(arguments[2].asLong(), arguments[3].asLong())));
            case "move" -> move(expand(arguments[1]), into(expand(arguments[1]), expand(arguments[2])));
            case "remove" -> remove(expand(arguments[1]));
            case "mkdir" -> makeDirectories(expand(arguments[1]));
            case "list" -> {
                return texts(files.names(expand(arguments[1])));
            }
            case "glob" -> {
                return texts(PathPattern.find(files, absolute(arguments[1].asString())));
            }
            case "escape" -> {
                return NamePattern.escape(arguments[1].asString());
            }
            case "exists" -> {
                return exists(expand(arguments[1]), following(arguments[2]));
            }
            case "info" -> {
                ToCell.FileInfo info = files.info(expand(arguments[1]), following(arguments[2]));
                return ProxyArray.fromArray(name(info.kind()), info.size(), info.modifiedNanos() / 1e9);
            }
            case "rows" ->
                show(new FromCell.Rows(
                        HostRequests.texts(arguments[1]), HostRequests.texts(arguments[2]), arguments[3].asLong()));
            case "series" -> show(new FromCell.Series(arguments[1].asString(), numbers(arguments[2])));
            case "facts" -> {
                return requests.facts(arguments[1].asString());
            }
            case "secret" -> {
                return requests.secret(arguments[1].asString());
            }
            case "run" -> {
                return requests.run(directory(arguments[3]), arguments);
            }
            case "http" -> {
                return requests.http(arguments);
            }
            default -> throw new IllegalArgumentException("no act named " + act);
        }
        return null;
    }

    private void log(FromCell.Channel channel, String text) {
        // What was printed before comes before.
        outputs.forEach(GuestOutput::sendPending);
        String line = text.length() > LONGEST_LOG_CHARS ? text.substring(0, LONGEST_LOG_CHARS) : text;
        byte[] bytes = (line + "\n").getBytes(UTF_8);
        GuestOutput log = logs.computeIfAbsent(channel, each -> new GuestOutput(scope.host(), each));
        log.write(bytes, 0, bytes.length);
        log.sendPending();
    }

    private void show(FromCell shown) {
        outputs.forEach(GuestOutput::sendPending);
        scope.host().send(shown);
    }

    private static List<Double> numbers(Value list) {
        var numbers = new ArrayList<Double>();
        for (long i = 0; i < list.getArraySize(); i++)
            numbers.add(list.getArrayElement(i).asDouble());
        return numbers;
    }

    private void progress(double share, String text) {
        scope.host().send(new FromCell.Progress(Double.isNaN(share) ? 0 : Math.clamp(share, 0.0, 1.0), text));
    }

    private @Nullable Object forbid(String what) {
        Forbidden forbidden = switch (what) {
            case "programs" -> Forbidden.PROGRAMS;
            case "network" -> Forbidden.NETWORK;
            default -> Forbidden.THREADS;
        };
        return fail("NOT_ALLOWED", forbidden.refusal(requests.isolation()));
    }

    /** Where a program starts: where the script says, else where the script is. */
    private Path directory(Value path) {
        return path.asString().isEmpty()
                ? scope.workingDirectory()
                : expand(path).normalize();
    }

    private Path expand(Value path) {
        return expand(path.asString());
    }

    private Path expand(String path) {
        if (path.equals("~")) return Path.of(scope.terms().home());
        if (path.startsWith("~/")) return Path.of(scope.terms().home()).resolve(path.substring(2));
        return files.toAbsolutePath(Path.of(path));
    }

    /** The pattern with its folder; only text, since a pattern is no path. */
    private String absolute(String pattern) {
        if (pattern.equals("~") || pattern.startsWith("~/"))
            return scope.terms().home() + pattern.substring(1);
        if (pattern.startsWith("/")) return pattern;
        return NamePattern.escape(scope.workingDirectory().toString()) + "/" + pattern;
    }

    private static LinkOption[] following(Value choice) throws FileSystemException {
        return switch (choice(FromCell.FollowChoice.class, choice)) {
            case NONE -> new LinkOption[] {LinkOption.NOFOLLOW_LINKS};
            case NAMED, ALL -> new LinkOption[0];
        };
    }

    private static <E extends Enum<E>> E choice(Class<E> choices, Value name) throws FileSystemException {
        for (E each : choices.getEnumConstants())
            if (each.name().toLowerCase(Locale.ROOT).equals(name.asString())) return each;
        throw new FileSystemException(
                name.asString(),
                null,
                "'" + name.asString() + "' is none of "
                        + Arrays.stream(choices.getEnumConstants())
                                .map(each -> each.name().toLowerCase(Locale.ROOT))
                                .collect(Collectors.joining(", ")));
    }

    private boolean exists(Path path, LinkOption... links) throws IOException {
        try {
            files.info(path, links);
            return true;
        } catch (NoSuchFileException | AccessDeniedException | NotDirectoryException | NameTooLongException _) {
            return false;
        }
    }

    private boolean isDirectory(Path path) throws IOException {
        try {
            return files.info(path).kind() == ToCell.FileKind.DIRECTORY;
        } catch (NoSuchFileException | AccessDeniedException | NotDirectoryException | NameTooLongException _) {
            return false;
        }
    }

    /** As cp and mv do: an existing folder as the target takes the source in. */
    private Path into(Path source, Path target) throws IOException {
        Path name = source.getFileName();
        return name != null && isDirectory(target) ? target.resolve(name) : target;
    }

    private byte[] read(Path path) throws IOException {
        try (SeekableByteChannel channel = files.newByteChannel(path, Set.of(StandardOpenOption.READ))) {
            var all = new ByteArrayOutputStream();
            ByteBuffer chunk = ByteBuffer.allocate(64 * 1024);
            while (channel.read(chunk) >= 0) {
                all.write(chunk.array(), 0, chunk.position());
                chunk.clear();
            }
            return all.toByteArray();
        }
    }

    private void write(Path path, byte[] bytes, boolean append) throws IOException {
        Set<OpenOption> options = append
                ? Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE, StandardOpenOption.APPEND)
                : Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING);
        try (SeekableByteChannel channel = files.newByteChannel(path, options)) {
            channel.write(ByteBuffer.wrap(bytes));
        }
    }

    private void move(Path source, Path target) throws IOException {
        files.move(source, target, StandardCopyOption.REPLACE_EXISTING);
    }

    private void remove(Path path) throws IOException {
        if (files.info(path, LinkOption.NOFOLLOW_LINKS).kind() == ToCell.FileKind.DIRECTORY) {
            for (String name : files.names(path)) remove(path.resolve(name));
        }
        files.delete(path);
    }

    private void makeDirectories(Path path) throws IOException {
        if (isDirectory(path)) return;
        Path parent = path.getParent();
        if (parent != null && !isDirectory(parent)) makeDirectories(parent);
        files.createDirectory(path);
    }

    private static byte[] bytes(Value... arguments) {
        Value buffer = arguments[2];
        byte[] bytes = new byte[arguments[4].asInt()];
        buffer.readBuffer(arguments[3].asLong(), bytes, 0, bytes.length);
        return bytes;
    }

    private static String name(ToCell.FileKind kind) {
        return switch (kind) {
            case FILE -> "file";
            case DIRECTORY -> "directory";
            case SYMBOLIC_LINK -> "link";
            case OTHER -> "other";
        };
    }

    private static ProxyArray texts(List<String> texts) {
        return ProxyArray.fromArray(texts.toArray());
    }
}
