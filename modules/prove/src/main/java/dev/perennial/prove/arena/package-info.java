/** The servers, the ways to them, the providers and the workers of a run. */
@NullMarked
package dev.perennial.prove.arena;

import org.jspecify.annotations.NullMarked;
