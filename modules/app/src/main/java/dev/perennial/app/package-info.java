/** Where everything comes together: the program itself. */
@NullMarked
package dev.perennial.app;

import org.jspecify.annotations.NullMarked;
