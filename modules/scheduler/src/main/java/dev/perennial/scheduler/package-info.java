/**
 * The scheduler stage. Watches the due index of the shards it owns; writes {@code refresh-due}, and
 * nothing else.
 */
@NullMarked
package dev.perennial.scheduler;

import org.jspecify.annotations.NullMarked;
