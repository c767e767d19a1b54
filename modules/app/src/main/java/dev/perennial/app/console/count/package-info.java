/** How many connections stand how, for whoever may see which. */
@NullMarked
package dev.perennial.app.console.count;

import org.jspecify.annotations.NullMarked;
