/**
 * Built-in automation templates: file operation, data processing, API call, and the person's own folders of templates.
 *
 * <p>A template is data ({@link dev.understudy.plugins.automationtemplates.Manifest}): which tasks it is for, which
 * parameters and grants its script takes, and the script's text per language. The extensions read a pattern into an
 * operation and its parameters, and {@link dev.understudy.plugins.automationtemplates.AutomationWriter} writes the
 * automation file. Nothing here looks at the files that a task names, and what cannot be done exactly as the person did
 * it is refused with a reason, never done nearly.
 */
@NullMarked
package dev.understudy.plugins.automationtemplates;

import org.jspecify.annotations.NullMarked;
