package dev.perennial.client;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Secret;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An access token as one version of a credential holds it. Immutable; prints no secret. It does not
 * change when the credential does: ask {@link Credentials} again for each use.
 */
public final class Token {
  private static final String BEARER = "Bearer";

  private final ConnectionKey connection;
  private final long grant;
  private final long version;
  private final Secret accessToken;
  private final String tokenType;
  private final @Nullable Instant expiresAt;
  private final long endMillis;
  private final Map<String, @Nullable Object> values;

  /**
   * @param tokenType as the provider wrote it; null where it wrote none, which means Bearer
   * @param expiresAt null = permanent
   * @param values the token response, without what renews it
   */
  Token(
      ConnectionKey connection,
      long grant,
      long version,
      Secret accessToken,
      @Nullable String tokenType,
      @Nullable Instant expiresAt,
      Map<String, @Nullable Object> values) {
    this.connection = connection;
    this.grant = grant;
    this.version = version;
    this.accessToken = accessToken;
    this.tokenType = tokenType == null || tokenType.equalsIgnoreCase(BEARER) ? BEARER : tokenType;
    this.expiresAt = expiresAt;
    this.endMillis = expiresAt == null ? Long.MAX_VALUE : expiresAt.toEpochMilli();
    this.values = values;
  }

  public ConnectionKey connection() {
    return connection;
  }

  /** Which consent it comes from; a later consent has a higher number. */
  public long grant() {
    return grant;
  }

  /** Of the credential, rising within a grant; gaps are legal. */
  public long version() {
    return version;
  }

  public Secret accessToken() {
    return accessToken;
  }

  /** {@code Bearer} however the provider wrote that; any other type as it came. */
  public String tokenType() {
    return tokenType;
  }

  /**
   * What an {@code Authorization} header says (RFC 6750 section 2.1): type, space, token. As secret
   * as the token: never log it.
   *
   * @throws IllegalStateException where the token holds what no header may (a blank, a control
   *     character, anything beyond ASCII)
   */
  public String authorization() {
    String token = accessToken.reveal();
    if (!isVisible(token) || !isVisible(tokenType)) {
      throw new IllegalStateException(
          connection + ": its access token holds characters that no header can carry");
    }
    return tokenType + " " + token;
  }

  private static boolean isVisible(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) <= ' ' || text.charAt(i) >= 0x7f) {
        return false;
      }
    }
    return !text.isEmpty();
  }

  /** Its end; empty = permanent, or the provider does not say. */
  public Optional<Instant> expiresAt() {
    return Optional.ofNullable(expiresAt);
  }

  /**
   * The whole token response as JSON values (String, Number, Boolean, List, Map, null), e.g. {@code
   * instance_url}, without any refresh token. Unmodifiable at the top level.
   */
  public Map<String, @Nullable Object> values() {
    return values;
  }

  boolean isAliveAt(long millis) {
    return millis < endMillis;
  }

  /** Whether more than this is left of it. */
  boolean livesFor(Duration least, long millis) {
    return expiresAt == null || millis + least.toMillis() < endMillis;
  }

  boolean isSameAs(@Nullable Token other) {
    return other != null && accessToken.equals(other.accessToken);
  }

  /** By (grant, version). */
  boolean isOlderThan(Token other) {
    return grant != other.grant ? grant < other.grant : version < other.version;
  }

  /** Which version of what, and until when. */
  @Override
  public String toString() {
    return connection
        + " version "
        + version
        + (expiresAt == null ? ", permanent" : " until " + Objects.requireNonNull(expiresAt));
  }
}
