/**
 * The admin API, health and metrics over HTTP: answers from the ports of the domain, and from the
 * exchanger what an import becomes; errors as problem documents (RFC 9457).
 */
@NullMarked
package dev.perennial.app.admin;

import org.jspecify.annotations.NullMarked;
