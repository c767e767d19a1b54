package dev.perennial.devstack.dialect;

import java.util.Set;
import java.util.regex.Pattern;

/** The placeholders that a dialect may use. */
final class Placeholders {
  static final String ACCESS_TOKEN = "access_token";
  static final String REFRESH_TOKEN = "refresh_token";

  private static final Set<String> FIXED =
      Set.of(
          "redirect_url",
          "state",
          "challenge",
          "verifier",
          "code",
          "device_code",
          "jwt",
          "any",
          "now",
          "now_ms",
          "ec_private_key",
          "rsa_private_key",
          ACCESS_TOKEN,
          REFRESH_TOKEN);

  private static final Pattern FAMILY =
      Pattern.compile(
          "(?:access_token|refresh_token)\\.[a-z0-9]+|in_[0-9]+|in_[0-9]+_ms|iso_in_[0-9]+");

  private Placeholders() {}

  /**
   * @return the name
   * @throws IllegalArgumentException where there is no such placeholder
   */
  static String checked(String name) {
    if (FIXED.contains(name) || FAMILY.matcher(name).matches()) {
      return name;
    }
    throw new IllegalArgumentException("there is no placeholder $" + name);
  }

  static boolean isAccessToken(String name) {
    return isOf(ACCESS_TOKEN, name);
  }

  static boolean isRefreshToken(String name) {
    return isOf(REFRESH_TOKEN, name);
  }

  private static boolean isOf(String token, String name) {
    return name.equals(token) || name.startsWith(token + ".");
  }
}
