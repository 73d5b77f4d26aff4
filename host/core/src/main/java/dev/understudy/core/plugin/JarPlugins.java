package dev.understudy.core.plugin;

import dev.understudy.spi.Spi;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.pf4j.ClassLoadingStrategy;
import org.pf4j.JarPluginManager;
import org.pf4j.PluginClassLoader;
import org.pf4j.PluginDescriptor;
import org.pf4j.PluginLoader;
import org.pf4j.PluginManager;
import org.pf4j.PluginStatusProvider;
import org.pf4j.VersionManager;
import org.pf4j.util.FileUtils;

/** PF4J set up so that it loads exactly the jars that it is told to, each behind the list of what plugins may see. */
final class JarPlugins extends JarPluginManager {
    private final ClassLoader parent = new PluginParentLoader(JarPlugins.class.getClassLoader());

    JarPlugins() {
        super();
        setSystemVersion(Spi.VERSION);
    }

    @Override
    protected List<Path> createPluginsRoot() {
        return List.of();
    }

    @Override
    protected VersionManager createVersionManager() {
        return new PluginVersions();
    }

    @Override
    protected PluginLoader createPluginLoader() {
        return new PluginLoader() {
            @Override
            public boolean isApplicable(Path jar) {
                return FileUtils.isJarFile(jar);
            }

            @Override
            public ClassLoader loadPlugin(Path jar, PluginDescriptor descriptor) {
                var loader = new Loader(JarPlugins.this, descriptor, parent);
                loader.addFile(jar.toFile());
                return loader;
            }
        };
    }

    /** Which plugins run is decided by the host, not by lists in the folders. */
    @Override
    protected PluginStatusProvider createPluginStatusProvider() {
        return new PluginStatusProvider() {
            @Override
            public boolean isPluginDisabled(String pluginId) {
                return false;
            }

            @Override
            public void disablePlugin(String pluginId) {
                throw new UnsupportedOperationException("plugins are disabled by the host");
            }

            @Override
            public void enablePlugin(String pluginId) {
                throw new UnsupportedOperationException("plugins are enabled by the host");
            }
        };
    }

    private static final class Loader extends PluginClassLoader {
        Loader(PluginManager manager, PluginDescriptor descriptor, ClassLoader parent) {
            super(manager, descriptor, parent, ClassLoadingStrategy.PDA);
        }

        /** Defines the few classes that would end the host as ones that do not. */
        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            URL file = findResource(name.replace('.', '/') + ".class");
            try {
                byte[] changed = file == null ? null : NoExit.rewritten(NoExit.read(file.openStream()), this::bytes);
                return changed == null ? super.findClass(name) : defineClass(name, changed, 0, changed.length);
            } catch (IOException | IllegalArgumentException _) {
                // What cannot be read or taken apart is told as such by the JVM.
                return super.findClass(name);
            }
        }

        /** Of the plugin's own classes and of those that it sees. */
        private @Nullable InputStream bytes(String resource) {
            URL own = findResource(resource);
            try {
                return own == null ? JarPlugins.class.getClassLoader().getResourceAsStream(resource) : own.openStream();
            } catch (IOException _) {
                return null;
            }
        }

        @Override
        protected boolean shouldDelegateToParent(String className) {
            return PluginParentLoader.isVisible(className);
        }
    }
}
