@org.jspecify.annotations.NullMarked
package dev.understudy.core.comparison;
