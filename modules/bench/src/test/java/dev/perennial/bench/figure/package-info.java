@NullMarked
package dev.perennial.bench.figure;

import org.jspecify.annotations.NullMarked;
