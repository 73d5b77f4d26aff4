@NullMarked
package dev.understudy.plugins.parametertargets;

import org.jspecify.annotations.NullMarked;
