@NullMarked
package dev.understudy.app.mcp;

import org.jspecify.annotations.NullMarked;
