package dev.perennial.ingress;

import dev.perennial.domain.credential.Reason;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the error of an authorization response (RFC 6749 section 4.1.2.1). It is a provider's text,
 * or anybody's who forged a link, and never trusted.
 */
final class ProviderError {
  /** A callback came with neither a code nor an error. */
  static final String MISSING_CODE = "missing_code";

  private static final Pattern PRINTABLE = Pattern.compile("[A-Za-z0-9_.-]{1,64}");
  private static final int MAX_SAID = 200;

  private ProviderError() {}

  /** Our word for it, the provider's code as its detail where that can be printed. */
  static Reason reason(String error) {
    String detail =
        PRINTABLE.matcher(error).matches() ? error : "the provider's error code does not print";
    return new Reason(code(error), detail);
  }

  /** The provider's description for a person's eyes: printable, 200 characters at most. */
  static @Nullable String said(@Nullable String description) {
    if (description == null) {
      return null;
    }
    String plain = description.replaceAll("[\\p{Cntrl}\\p{Cf}\\s]+", " ").strip();
    int length = plain.codePointCount(0, plain.length());
    return length <= MAX_SAID
        ? plain
        : plain.substring(0, plain.offsetByCodePoints(0, MAX_SAID)) + "…";
  }

  private static String code(String error) {
    return switch (error) {
      case "access_denied" -> Reason.DECLINED;
      case "server_error", "temporarily_unavailable" -> Reason.UNAVAILABLE;
      case "invalid_request",
          "invalid_scope",
          "unauthorized_client",
          "unsupported_response_type",
          "invalid_client",
          "redirect_uri_mismatch" ->
          Reason.MISCONFIGURED;
      default -> Reason.REFUSED;
    };
  }
}
