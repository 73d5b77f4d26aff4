/** Automations: their files, versions, life, rehearsals and runs. */
@NullMarked
package dev.understudy.core.automation;

import org.jspecify.annotations.NullMarked;
