/** The composition of roles into a running process. */
@NullMarked
package dev.perennial.app.role;

import org.jspecify.annotations.NullMarked;
