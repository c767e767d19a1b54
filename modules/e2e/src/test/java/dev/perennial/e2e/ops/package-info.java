/**
 * What is written for operators under {@code ops}: rendered, read strictly, and compared with the
 * code.
 */
@NullMarked
package dev.perennial.e2e.ops;

import org.jspecify.annotations.NullMarked;
