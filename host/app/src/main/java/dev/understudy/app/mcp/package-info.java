/**
 * Speaks the Model Context Protocol with a program that acts for a person, over lines of JSON. {@link
 * dev.understudy.app.mcp.McpServer} is the main type; what the tools do is told to it and knows nothing of the protocol.
 */
@NullMarked
package dev.understudy.app.mcp;

import org.jspecify.annotations.NullMarked;
