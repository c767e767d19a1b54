@NullMarked
package dev.perennial.app.console.change;

import org.jspecify.annotations.NullMarked;
