/**
 * Reads what other systems keep of OAuth connections and makes lines of our import of it. Pure but
 * for the reader it is given; sends nothing.
 */
@NullMarked
package dev.perennial.app.migration;

import org.jspecify.annotations.NullMarked;
