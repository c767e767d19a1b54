/** Proves that the servers behave as children: they start, survive, and end with their parent. */
@NullMarked
package dev.perennial.devstack;

import org.jspecify.annotations.NullMarked;
