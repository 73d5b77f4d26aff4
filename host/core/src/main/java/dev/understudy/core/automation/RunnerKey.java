package dev.understudy.core.automation;

import dev.understudy.sandbox.control.RunRequest.Language;
import dev.understudy.sandbox.control.RunRequest.ScriptRuntime;

/** Which scripts a runner runs. */
public record RunnerKey(Language language, ScriptRuntime runtime) {}
