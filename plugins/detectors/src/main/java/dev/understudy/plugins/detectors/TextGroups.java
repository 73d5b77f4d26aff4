package dev.understudy.plugins.detectors;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The free texts that one parameter of one type of task has held, by template.
 *
 * <p>A text is masked when it comes; templates are mined from the distinct masked texts when they are asked for, and
 * only if these have changed since.
 */
final class TextGroups {
    /** Texts that are equal once masked. */
    static final class Masked {
        private final TextGroups owner;
        private final String text;
        private final long hash;
        private int holders;
        private long template;

        private Masked(TextGroups owner, String text) {
            this.owner = owner;
            this.text = text;
            hash = Hash.of(text);
        }

        long hash() {
            return hash;
        }

        /** The hash of the template; valid after {@link TextGroups#mine}. */
        long template() {
            return template;
        }

        /** Keeps it among the texts until it is released as often. */
        void hold() {
            if (holders++ > 0) return;
            owner.byText.put(text, this);
            owner.stale = true;
        }

        void release() {
            if (--holders > 0) return;
            owner.byText.remove(text);
            owner.stale = true;
        }
    }

    private final Map<String, Masked> byText = new HashMap<>();
    private boolean stale;

    /** Returns the texts that are equal to this one once masked; none are kept before {@link Masked#hold}. */
    Masked find(String masked) {
        Masked found = byText.get(masked);
        return found == null ? new Masked(this, masked) : found;
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
