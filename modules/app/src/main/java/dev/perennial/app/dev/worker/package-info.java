/** The roles as processes of their own, to be killed, stopped and started again. */
@NullMarked
package dev.perennial.app.dev.worker;

import org.jspecify.annotations.NullMarked;
