/**
 * The dashboard's server: pages, a programming interface in JSON, live events and figures for Prometheus, all behind one
 * token. Starts with {@link dev.understudy.app.web.Dashboard}; nothing else of it is loaded before. It decides nothing: what it
 * changes goes through the same services as the commands do.
 */
@NullMarked
package dev.understudy.app.web;

import org.jspecify.annotations.NullMarked;
