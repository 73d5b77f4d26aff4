package dev.understudy.sandbox.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** That the escape suite is as large and as broad as it is said to be. */
class EscapeSuiteTest {
    private static final int LEAST_ATTEMPTS = 60;

    @Test
    void holdsAttemptsOfEveryGroup() throws Exception {
        Map<Escape.Group, Integer> attempts = new EnumMap<>(Escape.Group.class);
        int sum = 0;
        for (Class<?> test : testClasses()) {
            List<Escape.Group> ofClass = ofData(test);
            sum += ofClass.size();
            ofClass.forEach(group -> attempts.merge(group, 1, Integer::sum));
            for (Method method : test.getDeclaredMethods()) {
                Escape escape = method.getAnnotation(Escape.class);
                if (escape == null) continue;
                sum += runs(method);
                for (Escape.Group group : escape.value()) attempts.merge(group, runs(method), Integer::sum);
            }
        }
        assertThat(attempts).containsOnlyKeys(Escape.Group.values());
        assertThat(sum).isGreaterThanOrEqualTo(LEAST_ATTEMPTS);
    }

    private static List<Class<?>> testClasses() throws IOException, ClassNotFoundException {
        Path root = Path.of(EscapeSuiteTest.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .getPath());
        List<Class<?>> classes = new ArrayList<>();
        List<Path> files;
        try (var all = Files.walk(root)) {
            files = all.filter(file -> file.toString().endsWith(".class")).toList();
        }
        for (Path file : files) {
            String name = root.relativize(file).toString().replace('/', '.').replaceAll("\\.class$", "");
            classes.add(Class.forName(name, false, EscapeSuiteTest.class.getClassLoader()));
        }
        return classes;
    }

    private static List<Escape.Group> ofData(Class<?> test) throws ReflectiveOperationException {
        if (!test.isAnnotationPresent(Escape.class)) return List.of();
        Method escapes = test.getDeclaredMethod("escapes");
        escapes.setAccessible(true);
        return ((Collection<?>) escapes.invoke(null))
                .stream().map(Escape.Group.class::cast).toList();
    }

    private static int runs(AnnotatedElement method) {
        ValueSource values = method.getAnnotation(ValueSource.class);
        if (values != null) return values.strings().length;
        CsvSource rows = method.getAnnotation(CsvSource.class);
        return rows == null ? 1 : (int) Arrays.stream(rows.value()).count();
    }
}
