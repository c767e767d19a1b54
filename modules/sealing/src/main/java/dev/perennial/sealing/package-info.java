/**
 * Key rings and the sealed format, auditable alone: the only room that touches key material. Knows
 * connections and purposes, and nothing of what is inside.
 */
@NullMarked
package dev.perennial.sealing;

import org.jspecify.annotations.NullMarked;
