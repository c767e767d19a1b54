/** A short run for every build. */
@NullMarked
package dev.perennial.prove;

import org.jspecify.annotations.NullMarked;
