/** What is taken down of who did what. */
@NullMarked
package dev.perennial.app.audit;

import org.jspecify.annotations.NullMarked;
