/** Tests of traces. */
@NullMarked
package dev.perennial.app.trace;

import org.jspecify.annotations.NullMarked;
