package dev.understudy.core.plugin;

import java.util.List;

/**
 * What plugins see of the host: the JDK and the packages listed here, and nothing else.
 *
 * <p>So the host can change its libraries without breaking a plugin, and a plugin can bring its own versions of them.
 */
final class PluginParentLoader extends ClassLoader {
    /** The one list of what plugins may see beyond the JDK. */
    static final List<String> VISIBLE_PACKAGES = List.of("dev.understudy.spi", "org.pf4j", "org.jspecify");

    private final ClassLoader host;

    PluginParentLoader(ClassLoader host) {
        super("plugin-parent", ClassLoader.getPlatformClassLoader());
        this.host = host;
    }

    /** Tells whether a class comes from the host even if the plugin's jar holds one of this name. */
    static boolean isVisible(String className) {
        return VISIBLE_PACKAGES.stream().anyMatch(visible -> className.startsWith(visible + "."));
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        if (isVisible(name)) return host.loadClass(name);
        throw new ClassNotFoundException(
                name + " is not visible to plugins, which see the JDK and " + String.join(", ", VISIBLE_PACKAGES));
    }
}
