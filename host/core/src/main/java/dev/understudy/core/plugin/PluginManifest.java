package dev.understudy.core.plugin;

import dev.understudy.spi.Spi;
import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.Annotation;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.constant.ClassDesc;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import org.jspecify.annotations.Nullable;
import org.pf4j.Extension;
import org.pf4j.VersionManager;

/** Finds all that a jar lacks to be a plugin, at once, each with what to add. Runs nothing of it. */
final class PluginManifest {
    static final String EXTENSIONS_INDEX = "META-INF/extensions.idx";

    private static final ClassDesc MARK = Extension.class.describeConstable().orElseThrow();
    private static final byte[] MARK_BYTES = MARK.descriptorString().getBytes(StandardCharsets.UTF_8);
    private static final String ID = "[A-Za-z0-9][A-Za-z0-9._-]{0,99}";

    private final VersionManager versions;
    private final List<String> problems = new ArrayList<>();

    private PluginManifest(VersionManager versions) {
        this.versions = versions;
    }

    /**
     * Says what is wrong with a jar; nothing if it can be loaded.
     *
     * @param fileName what it is called where it came from
     * @throws IOException if it is no jar that can be read
     */
    static List<String> problems(Path jar, String fileName, VersionManager versions) throws IOException {
        var found = new PluginManifest(versions);
        try (var open = new JarFile(jar.toFile())) {
            Manifest manifest = open.getManifest();
            found.lookAt(manifest == null ? new Manifest() : manifest, fileName);
            found.lookForIndex(open);
            String unsigned = JarSignature.of(open).problem();
            if (!unsigned.isEmpty()) found.problems.add(unsigned);
        }
        return found.problems;
    }

    private void lookAt(Manifest manifest, String fileName) {
        String id = value(manifest, "Plugin-Id");
        if (id == null) missing("Plugin-Id", suggestedId(fileName));
        else if (!id.matches(ID))
            problems.add("its Plugin-Id '" + id + "' is none: letters, digits, dots and hyphens are allowed");
        String version = value(manifest, "Plugin-Version");
        if (version == null) missing("Plugin-Version", "1.0.0");
        else if (!version.matches("[0-9A-Za-z.+-]{1,50}"))
            problems.add("its Plugin-Version '" + version + "' is none like 1.0.0");
        String requires = value(manifest, "Plugin-Requires");
        if (requires == null || requires.equals("*")) missing("Plugin-Requires", thisSpi());
        else lookAtRange(requires);
    }

    private void lookAtRange(String requires) {
        try {
            if (!versions.checkVersionConstraint(Spi.VERSION, requires))
                problems.add("it was built for SPI version " + requires + ", but this host has " + Spi.VERSION);
        } catch (RuntimeException _) {
            problems.add("its Plugin-Requires '" + requires + "' is no version expression like '" + thisSpi() + "'");
        }
    }

    private void missing(String key, String value) {
        problems.add("its manifest has no " + key + " (add the line '" + key + ": " + value + "')");
    }

    /** Since JDK 23 a compiler runs no annotation processor unless told to, and then the index is missing. */
    private void lookForIndex(JarFile jar) throws IOException {
        if (jar.getEntry(EXTENSIONS_INDEX) != null) return;
        List<String> marked = new ArrayList<>();
        for (Iterator<JarEntry> entries = jar.entries().asIterator(); entries.hasNext(); ) {
            JarEntry entry = entries.next();
            if (!entry.getName().endsWith(".class")) continue;
            try (InputStream stream = jar.getInputStream(entry)) {
                String name = markedClass(stream.readAllBytes());
                if (name != null) marked.add(name);
            }
        }
        if (marked.isEmpty()) return;
        problems.add("it has no " + EXTENSIONS_INDEX + ", which must list " + String.join(", ", marked)
                + (marked.size() == 1 ? ", marked" : ", all marked")
                + " @Extension: PF4J's annotation processor writes it, which from JDK 23 on compilers run only if they are"
                + " told to (javac -proc:full, or in Maven <proc>full</proc> for the maven-compiler-plugin, with"
                + " org.pf4j:pf4j as processor)");
    }

    /** The class's name if it is marked as an extension. */
    private static @Nullable String markedClass(byte[] bytes) {
        if (!contains(bytes, MARK_BYTES)) return null;
        try {
            ClassModel model = ClassFile.of().parse(bytes);
            boolean marked = model.findAttribute(Attributes.runtimeVisibleAnnotations()).stream()
                    .flatMap(all -> all.annotations().stream())
                    .map(Annotation::classSymbol)
                    .anyMatch(MARK::equals);
            return marked ? model.thisClass().asInternalName().replace('/', '.') : null;
        } catch (IllegalArgumentException _) {
            // No class that a JVM would load: what it may mark does not matter.
            return null;
        }
    }

    private static boolean contains(byte[] bytes, byte[] part) {
        return new String(bytes, StandardCharsets.ISO_8859_1).contains(new String(part, StandardCharsets.ISO_8859_1));
    }

    private static @Nullable String value(Manifest manifest, String key) {
        String value = manifest.getMainAttributes().getValue(key);
        return value == null || value.isBlank() ? null : value;
    }

    /** The file's name without its version. */
    private static String suggestedId(String fileName) {
        String id = fileName.replaceFirst("\\.jar$", "").replaceFirst("-\\d.*$", "");
        return id.matches(ID) ? id : "my-plugin";
    }

    private static String thisSpi() {
        int major = Integer.parseInt(Spi.VERSION.substring(0, Spi.VERSION.indexOf('.')));
        return ">=" + Spi.VERSION + " & <" + (major + 1) + ".0.0";
    }
}
