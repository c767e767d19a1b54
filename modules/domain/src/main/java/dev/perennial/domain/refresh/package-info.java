/** When to refresh: pure policies and the port to the due index. */
@NullMarked
package dev.perennial.domain.refresh;

import org.jspecify.annotations.NullMarked;
