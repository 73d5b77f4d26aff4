/**
 * What starts an automation beside a person: cron, files that change, recorded tasks, webhooks.
 *
 * <p>Start at {@link dev.understudy.core.triggers.Trigger} for what an automation says and at {@link
 * dev.understudy.core.triggers.Dispatcher} for what comes of it. A firing is in the store before its run begins, and has
 * at most one run. This package knows no automations: who uses it tells it what to start.
 */
@NullMarked
package dev.understudy.core.triggers;

import org.jspecify.annotations.NullMarked;
