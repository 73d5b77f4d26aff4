/**
 * The host that is there: commands hand themselves to it over a socket that only its owner reaches. Nothing here needs more
 * than the JDK, since a command that finds a host shall load nothing else.
 */
@NullMarked
package dev.understudy.app.resident;

import org.jspecify.annotations.NullMarked;
