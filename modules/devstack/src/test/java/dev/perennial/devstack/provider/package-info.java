/** Proves the pretend provider over the wire, and its ledger. */
@NullMarked
package dev.perennial.devstack.provider;

import org.jspecify.annotations.NullMarked;
