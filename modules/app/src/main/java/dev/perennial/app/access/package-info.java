/**
 * Who may use the admin API and what for: the callers, what shows who they are, and their scopes.
 * Knows nothing of HTTP but the bearer token.
 */
@NullMarked
package dev.perennial.app.access;

import org.jspecify.annotations.NullMarked;
