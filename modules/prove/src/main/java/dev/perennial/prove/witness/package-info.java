/** Three witnesses: the provider's ledger, the topics from their beginning, Redis. */
@NullMarked
package dev.perennial.prove.witness;

import org.jspecify.annotations.NullMarked;
