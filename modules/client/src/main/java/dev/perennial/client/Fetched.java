package dev.perennial.client;

import dev.perennial.client.CredentialException.Kind;
import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Secret;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A token as the admin API gave it.
 *
 * @param etag of the version, as it was given; null where none was
 */
record Fetched(@Nullable String etag, Token token, @Nullable String scope) {
  private static final Pattern ETAG = Pattern.compile("(?:W/)?\"?(?<grant>\\d{1,18})-\\d+\"?");

  /**
   * @param answer as {@code GET …/credentials} and an entry of a batch have it
   * @throws CredentialException where it is not such an answer
   */
  static Fetched read(
      ConnectionKey key, @Nullable String etag, Map<String, @Nullable Object> answer) {
    if (!(answer.get("access_token") instanceof String accessToken)
        || accessToken.isEmpty()
        || !(answer.get("version") instanceof Number version)) {
      throw foreign(key, "access_token or version is missing");
    }
    Map<String, @Nullable Object> values = object(answer.get("oauth"));
    Token token =
        new Token(
            key,
            grant(etag),
            version.longValue(),
            Secret.of(accessToken),
            answer.get("token_type") instanceof String type ? type : null,
            instant(key, answer.get("expires_at")),
            Renewals.removedFrom(values));
    return new Fetched(etag, token, values.get("scope") instanceof String scope ? scope : null);
  }

  private static long grant(@Nullable String etag) {
    Matcher matcher = ETAG.matcher(etag == null ? "" : etag);
    String grant = matcher.matches() ? matcher.group("grant") : null;
    return grant == null ? 0 : Long.parseLong(grant);
  }

  private static @Nullable Instant instant(ConnectionKey key, @Nullable Object value) {
    try {
      return value == null ? null : Instant.parse(String.valueOf(value));
    } catch (DateTimeException e) {
      throw foreign(key, "expires_at is no instant");
    }
  }

  static Map<String, @Nullable Object> object(@Nullable Object value) {
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    if (value instanceof Map<?, ?> map) {
      map.forEach((name, member) -> members.put(String.valueOf(name), member));
    }
    return members;
  }

  private static CredentialException foreign(ConnectionKey key, String what) {
    return new CredentialException(
        Kind.UNAVAILABLE, key, key + ": that is no answer of the admin API: " + what);
  }

  /** Which version of what. */
  @Override
  public String toString() {
    return token.toString();
  }
}
