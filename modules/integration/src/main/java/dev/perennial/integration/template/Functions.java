package dev.perennial.integration.template;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.random.RandomGenerator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** What the functions do. Hashes are written in lower-case hexadecimal. Pure. */
final class Functions {
  private static final int MAX_RANDOM_BYTES = 1024;

  private Functions() {}

  /**
   * @param arguments as many as the function takes
   * @return null where a claim is not there
   */
  static @Nullable Object call(Function function, List<String> arguments, RandomGenerator random) {
    return switch (function) {
      case BASE64 -> Base64.getEncoder().encodeToString(bytes(arguments.getFirst()));
      case SHA256 -> HexFormat.of().formatHex(sha256(bytes(arguments.getFirst())));
      case HMAC_SHA256 -> HexFormat.of().formatHex(hmac(arguments.get(0), arguments.get(1)));
      case LEFT -> left(arguments.get(0), number(arguments.get(1), "left"));
      case RANDOM -> random(number(arguments.getFirst(), "random"), random);
      case UUID -> uuid(random);
      case CLAIM -> Claims.of(arguments.get(0)).get(arguments.get(1));
    };
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }

  private static byte[] hmac(String key, String text) {
    if (key.isEmpty()) {
      throw new Refused("hmac_sha256: the key is empty");
    }
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(bytes(key), "HmacSHA256"));
      return mac.doFinal(bytes(text));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java runtime has HmacSHA256", e);
    }
  }

  /** In code points, so that no character is cut in half. */
  private static String left(String text, int count) {
    int points = Math.min(count, text.codePointCount(0, text.length()));
    return text.substring(0, text.offsetByCodePoints(0, points));
  }

  private static String random(int count, RandomGenerator random) {
    if (count < 1 || count > MAX_RANDOM_BYTES) {
      throw new Refused("random takes 1 to " + MAX_RANDOM_BYTES + " bytes");
    }
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** RFC 9562 section 5.4: version 4. */
  private static String uuid(RandomGenerator random) {
    byte[] bytes = new byte[16];
    random.nextBytes(bytes);
    bytes[6] = (byte) ((bytes[6] & 0x0f) | 0x40);
    bytes[8] = (byte) ((bytes[8] & 0x3f) | 0x80);
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    return new java.util.UUID(buffer.getLong(), buffer.getLong()).toString();
  }

  private static int number(String text, String function) {
    if (text.isEmpty() || text.length() > 8 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw new Refused(function + ": the number is not a number from 0 to 99999999");
    }
    return Integer.parseInt(text);
  }
}
