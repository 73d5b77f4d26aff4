package dev.understudy.sandbox.protocol;

/** What travels in one frame, in either direction. */
public sealed interface Message permits ToCell, FromCell {}
