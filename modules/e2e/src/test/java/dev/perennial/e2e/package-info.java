/** Guarantees, end-to-end tests and the architecture test. */
@NullMarked
package dev.perennial.e2e;

import org.jspecify.annotations.NullMarked;
