/** What goes wrong on purpose, drawn from a seed, and the log of it. */
@NullMarked
package dev.perennial.prove.nemesis;

import org.jspecify.annotations.NullMarked;
