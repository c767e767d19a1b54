/** Plans. */
@NullMarked
package dev.perennial.prove.nemesis;

import org.jspecify.annotations.NullMarked;
