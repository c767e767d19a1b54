/** The console for operators: pages under {@code /console} on the admin listener. */
@NullMarked
package dev.perennial.app.console;

import org.jspecify.annotations.NullMarked;
