/**
 * Consent links and callbacks over HTTP. Watches the public listener; writes pending authorizations
 * and says {@code code-received}, or why a consent failed. It never calls a provider.
 */
@NullMarked
package dev.perennial.ingress;

import org.jspecify.annotations.NullMarked;
