/** Each guarantee is seen to fail on constructed evidence. */
@NullMarked
package dev.perennial.prove.guarantee;

import org.jspecify.annotations.NullMarked;
