/** Built-in automation templates: file operation, data processing. */
@NullMarked
package dev.understudy.plugins.automationtemplates;

import org.jspecify.annotations.NullMarked;
