/** A browser without a screen, for consents. */
@NullMarked
package dev.perennial.prove.browser;

import org.jspecify.annotations.NullMarked;
