package dev.understudy.sandbox.control.files;

import dev.understudy.sandbox.control.files.FileView.Kind;
import java.time.Instant;

/**
 * By what a change underneath is noticed: of a file its identity, size, time and permissions; of a link or a folder its
 * identity and permissions alone, since a folder's size and time change with every neighbour.
 */
record Fingerprint(Kind kind, String key, long size, Instant modified, int mode) {}
