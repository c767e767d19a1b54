@NullMarked
package dev.perennial.bench.row;

import org.jspecify.annotations.NullMarked;
