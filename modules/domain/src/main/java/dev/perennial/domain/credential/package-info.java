/** A credential, how an attempt to change it ends, and the port to where it is kept. */
@NullMarked
package dev.perennial.domain.credential;

import org.jspecify.annotations.NullMarked;
