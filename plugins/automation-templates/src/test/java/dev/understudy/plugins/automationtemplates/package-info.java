@NullMarked
package dev.understudy.plugins.automationtemplates;

import org.jspecify.annotations.NullMarked;
