/** Forms. */
@NullMarked
package dev.perennial.prove.browser;

import org.jspecify.annotations.NullMarked;
