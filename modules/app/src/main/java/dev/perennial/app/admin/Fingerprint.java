package dev.perennial.app.admin;

import dev.perennial.domain.ConnectionKey;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Tells the same content by its SHA-256: members in any order, absent ones as null. */
final class Fingerprint {
  private Fingerprint() {}

  /** In hex. */
  static String of(ConnectionKey key, Map<String, @Nullable Object> content) {
    Map<String, @Nullable Object> all = new TreeMap<>();
    all.put("connection", key.toString());
    all.put("content", sorted(content));
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(Json.write(all));
      return HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static @Nullable Object sorted(@Nullable Object value) {
    return switch (value) {
      case Map<?, ?> map -> {
        Map<String, @Nullable Object> members = new TreeMap<>();
        map.forEach((name, member) -> {
          if (member != null) {
            members.put(String.valueOf(name), sorted(member));
          }
        });
        yield members;
      }
      case List<?> list -> {
        List<@Nullable Object> elements = new ArrayList<>();
        list.forEach(element -> elements.add(sorted(element)));
        yield elements;
      }
      case null, default -> value;
    };
  }
}
