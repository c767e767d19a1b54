/** What happened, as it is said on the topics. */
@NullMarked
package dev.perennial.domain.event;

import org.jspecify.annotations.NullMarked;
