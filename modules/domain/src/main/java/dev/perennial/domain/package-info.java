/**
 * The words everybody shares: connection keys, secrets, sealed bytes, shards. No I/O, no framework,
 * no ambient time.
 */
@NullMarked
package dev.perennial.domain;

import org.jspecify.annotations.NullMarked;
