/** Who is signed in to the console: sessions in memory, bounded in number and time. */
@NullMarked
package dev.perennial.app.console.session;

import org.jspecify.annotations.NullMarked;
