/** What this process saw change lately: a bounded memory of {@code credentials-updated}. */
@NullMarked
package dev.perennial.app.console.change;

import org.jspecify.annotations.NullMarked;
