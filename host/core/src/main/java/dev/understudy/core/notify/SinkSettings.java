package dev.understudy.core.notify;

import dev.understudy.core.config.NearestWord;
import dev.understudy.core.config.SinkSection;
import dev.understudy.core.config.SinkSection.Value;
import dev.understudy.core.problem.Mistake;
import dev.understudy.spi.NotificationSink.Need;
import dev.understudy.spi.NotificationSink.Setting;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Compares a section of the configuration with what its sink takes. */
final class SinkSettings {
    private final SinkSection section;
    private final Map<String, Setting> settings;
    private final List<Mistake> mistakes;

    SinkSettings(SinkSection section, List<Setting> settings, List<Mistake> mistakes) {
        this.section = section;
        this.settings = settings.stream()
                .collect(Collectors.toMap(Setting::key, each -> each, (first, _) -> first, LinkedHashMap::new));
        this.mistakes = mistakes;
    }

    /** The values that fit; a mistake is noted for each that does not. */
    Map<String, Object> read() {
        var read = new LinkedHashMap<String, Object>();
        section.values().forEach((key, value) -> {
            Setting setting = settings.get(key);
            if (setting == null) note(key, value, "is unknown", known(key));
            else if (!fits(setting, value.plain()))
                note(key, value, "is " + describe(value.plain()), "but must be " + form(setting));
            else read.put(key, value.plain());
        });
        for (Setting setting : settings.values()) {
            if (setting.need() == Need.REQUIRED && !section.values().containsKey(setting.key()))
                note(
                        setting.key(),
                        new Value("", section.line(), section.column()),
                        "is missing",
                        "and must be " + form(setting));
        }
        return read;
    }

    private static boolean fits(Setting setting, Object value) {
        return switch (setting.type()) {
            case TEXT -> value instanceof String;
            case INTEGER -> value instanceof Long;
            case FLAG -> value instanceof Boolean;
            case TEXTS -> value instanceof List<?> items && items.stream().allMatch(String.class::isInstance);
        };
    }

    private static String form(Setting setting) {
        return switch (setting.type()) {
            case TEXT, INTEGER -> setting.allowed();
            case FLAG -> "true or false: " + setting.allowed();
            case TEXTS -> "a list: " + setting.allowed();
        };
    }

    private static String describe(Object value) {
        return value instanceof List ? "a list" : value instanceof Map ? "a section" : "'" + value + "'";
    }

    private String known(String key) {
        if (settings.isEmpty()) return "this sink has no settings but events";
        return "known here are events, " + String.join(", ", settings.keySet())
                + NearestWord.to(key, settings.keySet())
                        .map(word -> "; did you mean '" + word + "'?")
                        .orElse("");
    }

    private void note(String key, Value value, String found, String allowed) {
        mistakes.add(new Mistake(
                section.file(),
                value.line(),
                value.column(),
                "notifications." + section.sink() + "." + key,
                found,
                allowed));
    }
}
