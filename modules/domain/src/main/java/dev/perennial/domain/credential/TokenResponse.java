package dev.perennial.domain.credential;

import dev.perennial.domain.Secret;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The whole answer of a token endpoint (RFC 6749 section 5.1), as JSON values: String, Number,
 * Boolean, List, Map, null. What we do not understand is kept, since pipelines may. Immutable at
 * the top level; prints its keys only.
 *
 * @param values read as {@code oauth.*} by templates
 */
public record TokenResponse(Map<String, @Nullable Object> values) {

  public static final String ACCESS_TOKEN = "access_token";
  public static final String REFRESH_TOKEN = "refresh_token";

  /** Under this name the callback's parameters are kept beside the answer. */
  public static final String REDIRECT_PARAMETERS = "redirect_params";

  /** Under this name we keep what is ours beside the answer; it leaves through no API. */
  public static final String OURS = "perennial";

  // Not the compact form: javac then loses the type annotation, and other rooms' null checks with
  // it.
  public TokenResponse(Map<String, @Nullable Object> values) {
    this.values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }

  public Optional<Secret> accessToken() {
    return text(ACCESS_TOKEN).map(Secret::of);
  }

  public Optional<Secret> refreshToken() {
    return text(REFRESH_TOKEN).map(Secret::of);
  }

  /** RFC 6749 section 7.1, e.g. {@code Bearer}. */
  public Optional<String> tokenType() {
    return text("token_type");
  }

  /** RFC 6749 section 3.3; may be narrower than what was asked for. */
  public Optional<String> scope() {
    return text("scope");
  }

  /**
   * This answer laid over an earlier one, one level deep: what is not sent again stays, the refresh
   * token above all (RFC 6749 section 6). A key sent as null or as an empty refresh token counts as
   * not sent.
   */
  public TokenResponse over(TokenResponse earlier) {
    return new TokenResponse(over(values, earlier.values));
  }

  /** The same with the values alone; neither of them changes. */
  public static Map<String, @Nullable Object> over(
      Map<String, ? extends @Nullable Object> answer,
      Map<String, ? extends @Nullable Object> earlier) {
    Map<String, @Nullable Object> merged = new LinkedHashMap<>(earlier);
    answer.forEach((key, value) -> {
      boolean unsent = value == null || (key.equals(REFRESH_TOKEN) && "".equals(value));
      if (!unsent || !merged.containsKey(key)) {
        merged.put(key, value);
      }
    });
    return merged;
  }

  private Optional<String> text(String key) {
    return values.get(key) instanceof String text && !text.isEmpty()
        ? Optional.of(text)
        : Optional.empty();
  }

  @Override
  public String toString() {
    return "TokenResponse" + values.keySet();
  }
}
