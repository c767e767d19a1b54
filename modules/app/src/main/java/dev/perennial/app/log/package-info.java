/** Where log lines go and how they look. */
@NullMarked
package dev.perennial.app.log;

import org.jspecify.annotations.NullMarked;
