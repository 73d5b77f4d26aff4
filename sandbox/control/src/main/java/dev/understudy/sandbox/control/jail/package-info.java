/** The process jail: what the operating system puts around a process, tried once at start by a canary. */
@NullMarked
package dev.understudy.sandbox.control.jail;

import org.jspecify.annotations.NullMarked;
