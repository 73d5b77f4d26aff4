package dev.understudy.core.engine;

/** Hears what happens. Called by several threads; must return soon. */
@FunctionalInterface
public interface EngineListener {
    void happened(EngineEvent event);
}
