package dev.perennial.app.console.session;

import dev.perennial.app.access.Caller;
import dev.perennial.domain.Secret;
import java.time.Instant;

/**
 * Somebody who is signed in, as of the last request. Immutable.
 *
 * @param id what the browser shows; never on a page
 * @param token that each form carries (against cross-site request forgery)
 * @param since when it began
 */
public record Session(Secret id, Secret token, Caller caller, Instant since) {}
