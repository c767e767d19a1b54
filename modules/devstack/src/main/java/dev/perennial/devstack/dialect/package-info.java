/**
 * A server that plays one provider's dialect at a time, as a file describes it: what the provider
 * demands of each request, what it answers, and how it treats refresh tokens.
 */
@NullMarked
package dev.perennial.devstack.dialect;

import org.jspecify.annotations.NullMarked;
