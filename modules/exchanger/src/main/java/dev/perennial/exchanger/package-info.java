/**
 * Exchanges authorization codes and refresh tokens: watches {@code code-received} and {@code
 * refresh-due}, asks the token endpoint, and writes what comes back through the credential store.
 */
@NullMarked
package dev.perennial.exchanger;

import org.jspecify.annotations.NullMarked;
