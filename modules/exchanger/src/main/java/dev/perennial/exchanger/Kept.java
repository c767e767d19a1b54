package dev.perennial.exchanger;

import dev.perennial.domain.Secret;
import dev.perennial.domain.credential.TokenResponse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All that is kept of a connection: the provider's answers laid over each other, with the tokens at
 * the top wherever they lay, and what is ours. Immutable at the top; prints no value.
 *
 * @param values read as {@code oauth.*}; without ours
 */
record Kept(Map<String, @Nullable Object> values, Ours ours) {
  static final Kept NOTHING = new Kept(Map.of(), Ours.NOTHING);

  // Not the compact form: javac then loses the type annotation.
  Kept(Map<String, @Nullable Object> values, Ours ours) {
    this.values = values;
    this.ours = ours;
  }

  static Kept of(TokenResponse stored) {
    Map<String, @Nullable Object> values = new LinkedHashMap<>(stored.values());
    return new Kept(values, Ours.read(values.remove(TokenResponse.OURS)));
  }

  /** As it is sealed. */
  TokenResponse response() {
    Map<String, @Nullable Object> all = new LinkedHashMap<>(values);
    Map<String, @Nullable Object> written = ours.write();
    if (!written.isEmpty()) {
      all.put(TokenResponse.OURS, written);
    }
    return new TokenResponse(all);
  }

  Optional<Secret> accessToken() {
    return token(TokenResponse.ACCESS_TOKEN);
  }

  Optional<Secret> refreshToken() {
    return token(TokenResponse.REFRESH_TOKEN);
  }

  private Optional<Secret> token(String name) {
    return values.get(name) instanceof String text && !text.isEmpty()
        ? Optional.of(Secret.of(text))
        : Optional.empty();
  }

  Kept with(Ours other) {
    return new Kept(values, other);
  }

  Kept withValue(List<String> path, @Nullable Object value) {
    return new Kept(Paths.with(values, path, value), ours);
  }

  @Override
  public String toString() {
    return "Kept" + values.keySet();
  }
}
