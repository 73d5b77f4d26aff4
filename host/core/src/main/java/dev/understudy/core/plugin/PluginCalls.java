package dev.understudy.core.plugin;

import dev.understudy.spi.Spi;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * Calls into a plugin, with the plugin's class loader as the thread's: libraries inside it look for their parts by that, {@link
 * java.util.ServiceLoader} among them. What a call gives back is called in the same way where it is of the plugin's own making,
 * a search or a detection for example.
 */
@SuppressWarnings("ReferenceEquality") // Proxies and class loaders are themselves and no other.
final class PluginCalls implements InvocationHandler {
    private static final String SPI = Spi.class.getPackageName();

    private final Object target;
    private final ClassLoader loader;
    private final @Nullable PluginGuard guard;

    private PluginCalls(Object target, ClassLoader loader, @Nullable PluginGuard guard) {
        this.target = target;
        this.loader = loader;
        this.guard = guard;
    }

    /**
     * The object as seen through those of the host's interfaces that it implements.
     *
     * @param guard makes the calls; null for what the build has approved, which is called directly
     */
    static Object into(Object target, Collection<Class<?>> interfaces, @Nullable PluginGuard guard) {
        return through(
                new PluginCalls(target, target.getClass().getClassLoader(), guard),
                interfaces.toArray(Class<?>[]::new));
    }

    private static Object through(PluginCalls calls, Class<?>... interfaces) {
        return Proxy.newProxyInstance(Spi.class.getClassLoader(), interfaces, calls);
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] arguments)
            throws Throwable {
        if (method.getDeclaringClass() == Object.class && method.getName().equals("equals") && arguments != null)
            return proxy == arguments[0];
        return guard == null ? call(method, arguments) : guard.call(method, () -> call(method, arguments));
    }

    private @Nullable Object call(Method method, @Nullable Object @Nullable [] arguments) throws Exception {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(loader);
        try {
            Object result = method.invoke(target, arguments);
            return result != null && isOfThePlugin(result, method.getReturnType())
                    ? through(new PluginCalls(result, loader, guard), method.getReturnType())
                    : result;
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof Error error) throw error;
            throw e.getCause() instanceof Exception cause ? cause : e;
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private boolean isOfThePlugin(Object result, Class<?> type) {
        return type.isInterface()
                && !type.isSealed()
                && type.getPackageName().startsWith(SPI)
                && result.getClass().getClassLoader() == loader;
    }
}
