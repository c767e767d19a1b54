package dev.perennial.client;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.credential.Status;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of a connection that the admin API was asked for.
 *
 * @param fetched null where there was no token
 * @param renewAtMillis when to ask the API to renew it, should it not have done so by itself
 */
record Kept(ConnectionState state, @Nullable Fetched fetched, long renewAtMillis) {
  private static final Duration MOST_MARGIN = Duration.ofSeconds(30);
  private static final int MARGIN_PART = 5;

  static Kept of(Fetched fetched, long nowMillis) {
    Token token = fetched.token();
    return new Kept(
        ConnectionState.of(token, fetched.scope()),
        fetched,
        token
            .expiresAt()
            .map(end -> end.toEpochMilli() - marginMillis(end.toEpochMilli() - nowMillis))
            .orElse(Long.MAX_VALUE));
  }

  private static long marginMillis(long left) {
    return Math.min(MOST_MARGIN.toMillis(), Math.max(0, left / MARGIN_PART));
  }

  /** The same connection as the API describes it without a token; what it had ends as it would. */
  Kept with(ConnectionState now) {
    return new Kept(now, mayServe(now.status()) ? fetched : null, Long.MAX_VALUE);
  }

  /** A token of known end is good until then, even where only a new consent brings another. */
  private boolean mayServe(Status status) {
    return switch (status) {
      case ACTIVE, REFRESH_FAILING -> true;
      case REAUTHORIZATION_REQUIRED -> fetched != null && fetched.token().expiresAt().isPresent();
      case EXPIRED, DELETED -> false;
    };
  }

  ConnectionKey key() {
    return state.connection();
  }

  @Nullable Token token() {
    return fetched == null ? null : fetched.token();
  }

  @Nullable String etag() {
    return fetched == null ? null : fetched.etag();
  }

  /** Null where asking again may help. */
  @Nullable CredentialException problem() {
    return switch (state.status()) {
      case ACTIVE, REFRESH_FAILING -> null;
      case REAUTHORIZATION_REQUIRED ->
          CredentialException.reauthorize(key(), Objects.toString(state.reason(), null));
      case EXPIRED -> CredentialException.expired(key(), "already");
      case DELETED -> CredentialException.deleted(key());
    };
  }
}
