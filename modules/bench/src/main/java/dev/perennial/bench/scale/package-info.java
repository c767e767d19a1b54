/** What many connections would take, as arithmetic, and a small simulation that checks it. Pure. */
@NullMarked
package dev.perennial.bench.scale;

import org.jspecify.annotations.NullMarked;
