package dev.understudy.plugins.detectors;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The free texts that one parameter of one type of task has held, by template.
 *
 * <p>A text is masked when it comes and counted with its equals; templates are mined from the distinct masked texts when
 * they are asked for, and only if these have changed since.
 */
final class TextGroups {
    /** Texts that are equal once masked. */
    static final class Masked {
        private final TextGroups owner;
        private final String text;
        private int count;
        private long template;

        private Masked(TextGroups owner, String text) {
            this.owner = owner;
            this.text = text;
        }

        /** The hash of the template; valid after {@link TextGroups#mine}. */
        long template() {
            return template;
        }

        /** Forgets one text. */
        void release() {
            if (--count > 0) return;
            owner.byText.remove(text);
            owner.stale = true;
        }
    }

    private final Map<String, Masked> byText = new HashMap<>();
    private boolean stale;

    /** Takes a text, masked. */
    Masked add(String masked) {
        Masked found = byText.get(masked);
        if (found == null) {
            found = new Masked(this, masked);
            byText.put(masked, found);
            stale = true;
        }
        found.count++;
        return found;
    }

    /** Brings the templates up to date. */
    void mine() {
        if (!stale) return;
        List<Masked> all = new ArrayList<>(byText.values());
        List<String> texts = new ArrayList<>(all.size());
        for (Masked masked : all) texts.add(masked.text);
        long[] templates = TemplateMiner.group(texts);
        for (int i = 0; i < templates.length; i++) all.get(i).template = templates[i];
        stale = false;
    }

    boolean isEmpty() {
        return byText.isEmpty();
    }
}
