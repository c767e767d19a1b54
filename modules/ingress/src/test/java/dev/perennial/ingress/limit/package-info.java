/** Who a client is, and how much it may ask. */
@NullMarked
package dev.perennial.ingress.limit;

import org.jspecify.annotations.NullMarked;
