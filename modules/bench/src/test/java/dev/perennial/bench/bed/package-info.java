@NullMarked
package dev.perennial.bench.bed;

import org.jspecify.annotations.NullMarked;
