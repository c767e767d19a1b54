package dev.perennial.app.access;

import dev.perennial.domain.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/**
 * An API key as its holder has it: {@code perennial_<id>_<secret><checksum>}, where id is 12
 * hexadecimal digits, secret 256 random bits in base64url, and checksum 8 hexadecimal digits, the
 * CRC-32 of all before it. Public contract: secret scanners find it by its form. Immutable.
 */
public record ApiKeyToken(String id, Secret secret) {
  private static final Pattern ID = Pattern.compile("[0-9a-f]{12}");
  private static final Pattern FORM =
      Pattern.compile("perennial_[0-9a-f]{12}_[A-Za-z0-9_-]{43}[0-9a-f]{8}");
  private static final String PREFIX = "perennial_";

  /** Where its secret begins. */
  private static final int SECRET = PREFIX.length() + 12 + 1;

  /** Length of all before the checksum. */
  private static final int BODY = SECRET + 43;

  /**
   * @param random unpredictable: a {@link java.security.SecureRandom}
   */
  public static ApiKeyToken create(RandomGenerator random) {
    byte[] id = new byte[6];
    byte[] secret = new byte[32];
    random.nextBytes(id);
    random.nextBytes(secret);
    return new ApiKeyToken(
        HexFormat.of().formatHex(id),
        Secret.of(Base64.getUrlEncoder().withoutPadding().encodeToString(secret)));
  }

  /** Whether the text begins as keys do. */
  static boolean isMeant(Secret text) {
    return text.reveal().startsWith(PREFIX);
  }

  /** Empty where it is no whole key: cut off, or mistyped. */
  static Optional<ApiKeyToken> parse(Secret text) {
    String key = text.reveal();
    return FORM.matcher(key).matches()
            && checksum(key.substring(0, BODY)).equals(key.substring(BODY))
        ? Optional.of(
            new ApiKeyToken(
                key.substring(PREFIX.length(), SECRET - 1), Secret.of(key.substring(SECRET, BODY))))
        : Optional.empty();
  }

  static boolean isId(String text) {
    return ID.matcher(text).matches();
  }

  /** What its holder is given, once. */
  public Secret text() {
    String text = PREFIX + id + "_" + secret.reveal();
    return Secret.of(text + checksum(text));
  }

  /** What is kept of the secret. */
  public String sha256() {
    return HexFormat.of().formatHex(Sha256.of(secret));
  }

  private static String checksum(String text) {
    CRC32 crc = new CRC32();
    crc.update(text.getBytes(StandardCharsets.US_ASCII));
    return HexFormat.of().toHexDigits((int) crc.getValue());
  }
}
