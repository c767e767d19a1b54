/** How many requests the public listener takes, of each client and in all. */
@NullMarked
package dev.perennial.ingress.limit;

import org.jspecify.annotations.NullMarked;
