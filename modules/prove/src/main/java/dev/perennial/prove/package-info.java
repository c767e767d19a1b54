/**
 * {@code perennial prove}: the whole installation under faults, and a judge who asks three
 * witnesses.
 */
@NullMarked
package dev.perennial.prove;

import org.jspecify.annotations.NullMarked;
