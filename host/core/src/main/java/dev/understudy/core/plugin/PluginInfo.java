package dev.understudy.core.plugin;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What is known of one plugin jar.
 *
 * @param id from its manifest; the file's name if it has none
 * @param version from its manifest; empty if it has none
 * @param state what became of it
 * @param origin who brought it
 * @param jar where it lies
 * @param sha256 of its bytes, in hexadecimal; empty if it could not be read
 * @param signer the subject of the certificate by which it is signed, which need not be known to anybody; empty if it is not
 * @param provides names of what it provides, by extension point ({@code TaskSource}); empty unless it is started
 * @param reason why it is not started, or which part of it does not work; empty if all is well
 * @param precedence what of it stands for others, gives way to others, or is switched off
 */
public record PluginInfo(
        String id,
        String version,
        State state,
        Origin origin,
        Path jar,
        String sha256,
        String signer,
        Map<String, List<String>> provides,
        String reason,
        Precedence precedence) {

    public PluginInfo {
        provides = Map.copyOf(provides);
    }

    /**
     * How a plugin's extensions stand to others of the same names.
     *
     * @param overrides ids of plugins by the name of the extension of theirs that this plugin's stands for
     * @param overriddenBy ids of plugins by the name of the extension of this plugin that theirs stands for
     * @param disabled names of its extensions that a person switched off
     */
    public record Precedence(Map<String, String> overrides, Map<String, String> overriddenBy, List<String> disabled) {
        /** That of a plugin which is alone with its names. */
        public static final Precedence NONE = new Precedence(Map.of(), Map.of(), List.of());

        public Precedence {
            overrides = Map.copyOf(overrides);
            overriddenBy = Map.copyOf(overriddenBy);
            disabled = List.copyOf(disabled);
        }
    }

    /** What became of a plugin. */
    public enum State {
        STARTED,
        /** It cannot be loaded; the reason says why. */
        REFUSED,
        /** The person switched it off, or removed it where it is built in. */
        DISABLED,
        /** Nobody has approved these bytes. */
        WAITING_FOR_APPROVAL;

        /** The name in JSON and in what {@code plugins list} prints. */
        public String id() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Who brought a plugin. */
    public enum Origin {
        BUILT_IN,
        USER
    }
}
