@NullMarked
package dev.perennial.bench.scale;

import org.jspecify.annotations.NullMarked;
