/** What was measured, how it is shown and kept, and whether it is worse than before. Pure. */
@NullMarked
package dev.perennial.bench.figure;

import org.jspecify.annotations.NullMarked;
