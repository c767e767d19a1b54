package dev.perennial.app.migration;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.perennial.domain.ConnectionKey;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Connection ids of names that may be none. Pure. */
final class ConnectionIds {
  private static final String PREFIX = "id:";
  private static final int LONGEST = 128;
  private static final int HASH = 32;
  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  private ConnectionIds() {}

  /**
   * The name where it can be an id; else each byte of what may not stand there as {@code =XX},
   * {@code id:} before what begins wrongly, and a hash in place of what is too long, so that
   * different names stay different.
   */
  static String of(String name) {
    if (ConnectionKey.isConnectionId(name)) {
      return name;
    }
    StringBuilder id = new StringBuilder();
    name.codePoints()
        .forEach(point -> {
          String character = Character.toString(point);
          id.append(point != '=' && isAllowed(character) ? character : escaped(character));
        });
    if (!ConnectionKey.isConnectionId(id.toString())) {
      id.insert(0, PREFIX);
    }
    if (id.length() > LONGEST) {
      id.setLength(LONGEST - HASH - 1);
      id.append(':').append(hash(name));
    }
    return id.toString();
  }

  private static boolean isAllowed(String character) {
    return ConnectionKey.isConnectionId("a" + character);
  }

  private static String escaped(String character) {
    StringBuilder escaped = new StringBuilder();
    for (byte part : character.getBytes(UTF_8)) {
      escaped.append('=').append(HEX.toHexDigits(part));
    }
    return escaped.toString();
  }

  private static String hash(String name) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(name.getBytes(UTF_8));
      return HexFormat.of().formatHex(hash).substring(0, HASH);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
