/** Callers, keys and tokens, with a real file and a real issuer. */
@NullMarked
package dev.perennial.app.access;

import org.jspecify.annotations.NullMarked;
