/** The measurements, each with the ceiling that it is held against. */
@NullMarked
package dev.perennial.bench.row;

import org.jspecify.annotations.NullMarked;
