package dev.understudy.plugins.parametertargets;

import dev.understudy.spi.tuning.ParameterTarget;
import dev.understudy.spi.tuning.TunableParameter;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import org.pf4j.Extension;

/**
 * Kernel parameters of Linux: an allow-list of those below {@code /proc/sys}, of block devices' queues and of huge pages.
 *
 * <p>Nothing outside the list is read or written. On other systems there is nothing to tune: the list is empty there, and
 * the description says so.
 */
@Extension
public final class SysctlTarget implements ParameterTarget {
    private final Path root;
    private final String system;
    private final String user;
    private final Predicate<Path> writable;

    /** The kernel of this machine. */
    public SysctlTarget() {
        this(Path.of("/"), System.getProperty("os.name"), System.getProperty("user.name"), Files::isWritable);
    }

    /** A kernel whose files lie below another folder, and who may write which of them. */
    SysctlTarget(Path root, String system, String user, Predicate<Path> writable) {
        this.root = root;
        this.system = system;
        this.user = user;
        this.writable = writable;
    }

    @Override
    public String name() {
        return "sysctl";
    }

    @Override
    public String description() {
        return isLinux()
                ? "Kernel parameters: memory, network, scheduling, files, block devices"
                : "Kernel parameters; only Linux's can be tuned, and this is " + system;
    }

    private boolean isLinux() {
        return system.toLowerCase(Locale.ROOT).contains("linux");
    }

    @Override
    public List<TunableParameter> parameters() {
        if (!isLinux()) return List.of();
        AdministratorSettings administrator = AdministratorSettings.on(root);
        return AllowList.on(root).stream()
                .map(parameter -> look(parameter, administrator))
                .toList();
    }

    private TunableParameter look(KernelParameter parameter, AdministratorSettings administrator) {
        String value;
        String refusal;
        try {
            value = parameter.form().value(text(parameter));
            refusal = refusal(parameter);
        } catch (IOException e) {
            value = "";
            refusal = reason(parameter, e);
        }
        return new TunableParameter(
                parameter.dimension(), parameter.meaning(), value, refusal, administrator.place(parameter));
    }

    private String refusal(KernelParameter parameter) throws IOException {
        if (!parameter.rival().isEmpty()) {
            Path rival = root.resolve(parameter.rival());
            String set = Files.exists(rival) ? KernelFile.read(rival).strip() : "0";
            if (!set.equals("0"))
                return "vm." + rival.getFileName() + " is " + set + " and holds in its place; set that to 0 first";
        }
        Path file = root.resolve(parameter.file());
        if (writable.test(file)) return "";
        return needed(file);
    }

    /** Says what it would take to write a file. */
    private String needed(Path file) {
        return user.equals("root")
                ? file
                        + " cannot be written even by root: it is read-only here, as in a container; tune on the machine itself"
                : file + " can be written only by root: start Understudy with sudo to change it";
    }

    @Override
    public String read(String name) throws IOException {
        KernelParameter parameter = find(name);
        try {
            return parameter.form().value(text(parameter));
        } catch (IOException e) {
            throw new IOException(reason(parameter, e), e);
        }
    }

    @Override
    public void write(String name, String value) throws IOException {
        KernelParameter parameter = find(name);
        if (value.isEmpty() || value.chars().anyMatch(c -> c < ' '))
            throw new IOException(name + " takes one line, not '" + value.replaceAll("\\p{Cntrl}", "?") + "'");
        Path file = root.resolve(parameter.file());
        String text;
        try {
            text = parameter.form().text(text(parameter), value);
        } catch (IOException e) {
            throw new IOException(reason(parameter, e), e);
        }
        try {
            // In one write: the kernel takes each as a whole value.
            Files.writeString(file, text + "\n", StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
        } catch (AccessDeniedException e) {
            throw new IOException(needed(file), e);
        } catch (IOException e) {
            throw new IOException(name + " refused " + value + ": " + system(e), e);
        }
    }

    /** A restart of the machine sets all of them anew. */
    @Override
    public boolean outlastsRestart() {
        return false;
    }

    @Override
    public String command(String name, String value) {
        KernelParameter parameter = find(name);
        if (!parameter.file().startsWith("proc/sys/")) return "echo " + value + " | sudo tee /" + parameter.file();
        if (!(parameter.form() instanceof Form.Field)) return "sudo sysctl -w " + name + "=" + value;
        try {
            String row = parameter.form().text(text(parameter), value).replace('\t', ' ');
            return "sudo sysctl -w " + name.substring(0, name.lastIndexOf('.')) + "='" + row + "'";
        } catch (IOException _) {
            return "";
        }
    }

    private KernelParameter find(String name) {
        if (isLinux())
            for (KernelParameter parameter : AllowList.on(root))
                if (parameter.name().equals(name)) return parameter;
        throw new IllegalArgumentException("there is no kernel parameter '" + name + "' here that may be tuned");
    }

    private String text(KernelParameter parameter) throws IOException {
        return KernelFile.read(root.resolve(parameter.file()));
    }

    private String reason(KernelParameter parameter, IOException e) {
        return "/" + parameter.file() + " cannot be read: " + system(e);
    }

    private static String system(IOException e) {
        String said = e instanceof FileSystemException named ? named.getReason() : e.getMessage();
        return said == null ? e.getClass().getSimpleName() : said;
    }
}
