/** From a consent link to a code that is used once. */
@NullMarked
package dev.perennial.domain.authorization;

import org.jspecify.annotations.NullMarked;
