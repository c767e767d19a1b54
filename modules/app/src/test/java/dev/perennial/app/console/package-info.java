@NullMarked
package dev.perennial.app.console;

import org.jspecify.annotations.NullMarked;
