@NullMarked
package dev.understudy.plugins.notifications;

import org.jspecify.annotations.NullMarked;
