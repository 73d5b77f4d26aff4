/** The messages between host and cell: plain records and their binary frames; no polyglot and no host types. */
@NullMarked
package dev.understudy.sandbox.protocol;

import org.jspecify.annotations.NullMarked;
