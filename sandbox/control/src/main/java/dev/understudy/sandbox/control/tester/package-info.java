/**
 * Tests of automations: cases are rehearsed in the sandbox and compared with what they were to do.
 *
 * <p>Start at {@link dev.understudy.sandbox.control.tester.AutomationTester}. It runs everything, assertion scripts
 * included, through a {@link dev.understudy.sandbox.control.ScriptRunner}; it never commits a change and keeps nothing
 * but the results it hands to a {@link dev.understudy.sandbox.control.tester.TestHistory}.
 */
@NullMarked
package dev.understudy.sandbox.control.tester;

import org.jspecify.annotations.NullMarked;
