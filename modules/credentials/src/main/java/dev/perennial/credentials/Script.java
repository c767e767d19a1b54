package dev.perennial.credentials;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/** The Lua scripts, each one atomic step. The text is the file of the same name in this package. */
@SuppressWarnings("ImmutableEnumChecker") // the arrays never leave this room
enum Script {
  BEGIN("prelude"),
  COMMIT("prelude"),
  FAIL("prelude"),
  PUT("prelude"),
  EXPIRE("prelude"),
  DELETE("prelude"),
  PUBLISHED("prelude"),
  POSTPONE("prelude"),
  FIND("prelude"),
  GRANT("prelude"),
  CODE_BEGIN("prelude"),
  CODE_FAIL("prelude"),
  CLAIM("shard_prelude"),
  UNPUBLISHED("shard_prelude"),
  VANISHED("shard_prelude"),
  REMEMBER(""),
  HOLD(""),
  LET_GO("");

  private final byte[] text;
  private final byte[] sha1;

  Script(String prelude) {
    String own = read(name().toLowerCase(Locale.ROOT));
    this.text = (prelude.isEmpty() ? own : read(prelude) + own).getBytes(StandardCharsets.UTF_8);
    this.sha1 = sha1(text).getBytes(StandardCharsets.US_ASCII);
  }

  byte[] text() {
    return text;
  }

  /** In hex, as EVALSHA takes it. */
  byte[] sha1() {
    return sha1;
  }

  private static String read(String name) {
    try (InputStream in = Script.class.getResourceAsStream(name + ".lua")) {
      if (in == null) {
        throw new IllegalStateException("no script " + name + ".lua beside " + Script.class);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String sha1(byte[] text) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(text));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-1", e);
    }
  }
}
