/** The admin API over real HTTP, on ports kept in memory. */
@NullMarked
package dev.perennial.app.admin;

import org.jspecify.annotations.NullMarked;
