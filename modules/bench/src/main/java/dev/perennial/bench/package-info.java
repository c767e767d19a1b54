/**
 * Measures what the documents quote. Nothing depends on this room, and no build asserts a time of
 * it.
 */
@NullMarked
package dev.perennial.bench;

import org.jspecify.annotations.NullMarked;
