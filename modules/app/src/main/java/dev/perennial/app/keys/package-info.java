/**
 * The life of the key ring while everything runs: which key seals what, rotation, retirement, and
 * what is done where a key is lost.
 */
@NullMarked
package dev.perennial.app.keys;

import org.jspecify.annotations.NullMarked;
