package dev.perennial.prove.guarantee;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Set;
import java.util.TreeSet;

/**
 * The forms in which a secret may stand somewhere by accident: as it is, percent-encoded, escaped
 * in JSON or HTML, in hexadecimal, and within any Base64 text.
 */
final class Disguises {
  private static final int CHARACTERS = 4;
  private static final int BYTES = 3;

  private Disguises() {}

  /** All of them, the secret itself among them; as a text read byte by byte shows them. */
  static Set<String> of(String secret) {
    byte[] bytes = secret.getBytes(UTF_8);
    Set<String> all = new TreeSet<>();
    all.add(new String(bytes, ISO_8859_1));
    all.add(secret);
    String encoded = URLEncoder.encode(secret, UTF_8);
    all.add(encoded);
    all.add(encoded.replace("+", "%20"));
    all.add(secret.replace("\\", "\\\\").replace("\"", "\\\""));
    all.add(markup(secret));
    all.add(HexFormat.of().formatHex(bytes));
    all.add(HexFormat.of().withUpperCase().formatHex(bytes));
    for (int before = 0; before < BYTES; before++) {
      String inside = inside(bytes, before);
      all.add(inside);
      all.add(inside.replace('+', '-').replace('/', '_'));
    }
    return all;
  }

  private static String markup(String secret) {
    return secret
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }

  /** What Base64 makes of it behind so many other bytes, without what those beside it decide. */
  private static String inside(byte[] bytes, int before) {
    byte[] shifted = new byte[before + bytes.length];
    System.arraycopy(bytes, 0, shifted, before, bytes.length);
    String text = Base64.getEncoder().withoutPadding().encodeToString(shifted);
    int whole = shifted.length / BYTES * CHARACTERS;
    return text.substring(before == 0 ? 0 : CHARACTERS, Math.max(CHARACTERS, whole));
  }
}
