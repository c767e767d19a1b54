/** Log lines as people and machines see them. */
@NullMarked
package dev.perennial.app.log;

import org.jspecify.annotations.NullMarked;
