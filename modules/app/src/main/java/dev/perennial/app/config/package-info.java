/**
 * Configuration: one mapping of every key, read from a file, the environment and flags, refused as
 * a whole with every problem named.
 */
@NullMarked
package dev.perennial.app.config;

import org.jspecify.annotations.NullMarked;
