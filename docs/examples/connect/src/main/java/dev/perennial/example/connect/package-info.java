/** A sink connector that calls a protected resource with a token that is always fresh. */
@NullMarked
package dev.perennial.example.connect;

import org.jspecify.annotations.NullMarked;
