@NullMarked
package dev.perennial.app.console.session;

import org.jspecify.annotations.NullMarked;
