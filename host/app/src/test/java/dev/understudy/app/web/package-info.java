@NullMarked
package dev.understudy.app.web;

import org.jspecify.annotations.NullMarked;
