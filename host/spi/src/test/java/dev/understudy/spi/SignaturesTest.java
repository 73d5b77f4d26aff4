package dev.understudy.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What plugins were compiled against stays: {@code signatures-1.txt} holds every public type and member of version 1. Add new
 * ones to it ({@code target/signatures.txt} is the file to copy); take none away before version 2.
 */
class SignaturesTest {
    private static final Path RECORDED = Path.of("src/test/resources/signatures-1.txt");

    @Test
    void nothingThatIsRecordedHasGoneAndWhatIsNewIsRecorded() throws Exception {
        var now = new TreeSet<String>();
        Path classes = Path.of(
                Spi.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        try (Stream<Path> files = Files.walk(classes)) {
            for (Path file :
                    (Iterable<Path>) files.filter(each -> each.toString().endsWith(".class"))::iterator) {
                String name =
                        classes.relativize(file).toString().replace('/', '.').replaceFirst("\\.class$", "");
                if (name.endsWith("package-info")) continue;
                Class<?> type = Class.forName(name, false, Spi.class.getClassLoader());
                if (isVisible(type)) add(type, now);
            }
        }
        Files.write(Path.of("target/signatures.txt"), now);

        Set<String> recorded = read();
        assertThat(recorded.stream().filter(each -> !now.contains(each)))
                .as("what plugins of version 1 may use and is no longer there")
                .isEmpty();
        assertThat(now.stream().filter(each -> !recorded.contains(each)))
                .as("what is new: copy target/signatures.txt to " + RECORDED)
                .isEmpty();
        // A method that an extension must have and that old ones have not would end them with an AbstractMethodError.
        assertThat(Spi.VERSION).startsWith("1.");
    }

    private static Set<String> read() throws IOException {
        return new TreeSet<>(Files.readAllLines(RECORDED));
    }

    private static boolean isVisible(Class<?> type) {
        for (Class<?> each = type; each != null; each = each.getEnclosingClass())
            if (!Modifier.isPublic(each.getModifiers())) return false;
        return true;
    }

    /** Whether a method is abstract is part of its signature: a new one of those breaks whoever implements it. */
    private static void add(Class<?> type, Set<String> signatures) {
        signatures.add(type.toGenericString());
        for (Field each : type.getDeclaredFields()) add(each, each.toGenericString(), signatures);
        for (var each : type.getDeclaredConstructors()) add(each, each.toGenericString(), signatures);
        for (Method each : type.getDeclaredMethods()) add(each, each.toGenericString(), signatures);
    }

    private static void add(Member member, String text, Set<String> signatures) {
        boolean isOpen = Modifier.isPublic(member.getModifiers()) || Modifier.isProtected(member.getModifiers());
        if (isOpen && !member.isSynthetic()) signatures.add(text);
    }
}
