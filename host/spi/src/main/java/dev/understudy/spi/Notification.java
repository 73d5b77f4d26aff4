package dev.understudy.spi;

import java.time.Instant;

/**
 * Something that a person who is not looking should hear of.
 *
 * @param automationId which automation it is about; empty if none
 * @param title one line of at most {@value #MAX_TITLE_LENGTH} characters
 * @param text a sentence or a few; may have several lines
 * @param at when it happened
 */
public record Notification(Kind kind, String automationId, String title, String text, Instant at) {
    public static final int MAX_TITLE_LENGTH = 120;

    /** What has happened. */
    public enum Kind {
        /** An automation has passed its rehearsal and waits for approval. */
        PROPOSAL_READY("proposal_ready"),
        /** An automation that used to succeed has failed. */
        AUTOMATION_FAILING("automation_failing"),
        /** An automation runs at an earlier version again. */
        ROLLED_BACK("rolled_back"),
        /** A new version of a deployed automation wants to touch what the deployed one may not. */
        GRANT_ASKED("grant_asked"),
        /** A workflow or process has a new bottleneck, gets worse, or is slow. */
        PERFORMANCE_FINDING("performance_finding"),
        /** A plugin has failed too often, or did not answer, and is called no more; about no automation. */
        PLUGIN_SWITCHED_OFF("plugin_switched_off");

        private final String id;

        Kind(String id) {
            this.id = id;
        }

        /** The name in the configuration and in JSON. */
        public String id() {
            return id;
        }
    }

    public Notification {
        if (title.isBlank() || title.length() > MAX_TITLE_LENGTH || title.indexOf('\n') >= 0)
            throw new IllegalArgumentException(
                    "title must be one line of 1 to " + MAX_TITLE_LENGTH + " characters, was '" + title + "'");
    }
}
