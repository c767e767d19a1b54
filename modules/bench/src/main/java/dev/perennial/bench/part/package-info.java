/**
 * JMH benchmarks of the parts of a refresh, each with the classes of production and what they are
 * given there. The row {@code parts} runs them.
 */
@NullMarked
package dev.perennial.bench.part;

import org.jspecify.annotations.NullMarked;
