package dev.perennial.ingress;

import dev.perennial.domain.Secret;
import java.util.Base64;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/** Unguessable texts in base64url. As thread-safe as the generator it is given. */
final class RandomText {
  private static final int SECRET_BYTES = 32;
  private static final int ID_BYTES = 16;
  private static final Pattern SECRET = Pattern.compile("[A-Za-z0-9_-]{43}");
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{22}");

  private final RandomGenerator random;

  RandomText(RandomGenerator random) {
    this.random = random;
  }

  /**
   * 256 bits in 43 characters: a state, the binding of a browser, or a code verifier (RFC 7636
   * section 4.1 asks for 43 at least).
   */
  Secret secret() {
    return Secret.of(text(SECRET_BYTES));
  }

  /** 128 bits in 22 characters, for a name that must not collide. */
  String id() {
    return text(ID_BYTES);
  }

  /** Whether {@link #secret} could have made it; what could not needs no look-up. */
  static boolean looksLikeSecret(String text) {
    return SECRET.matcher(text).matches();
  }

  /** Whether {@link #id} could have made it. */
  static boolean looksLikeId(String text) {
    return ID.matcher(text).matches();
  }

  private String text(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
