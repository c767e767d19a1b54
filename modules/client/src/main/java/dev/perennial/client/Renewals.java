package dev.perennial.client;

import dev.perennial.domain.credential.TokenResponse;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Takes out of a token response what renews it, so that it does not travel on with a {@link Token}:
 * every member called {@code refresh_token} ({@code refreshToken}, {@code refresh-token}, …) at any
 * depth, its text wherever else it stands, and what is Perennial's own.
 */
final class Renewals {
  private final Set<String> texts = new HashSet<>();

  private Renewals() {}

  static Map<String, @Nullable Object> removedFrom(Map<String, @Nullable Object> values) {
    Renewals renewals = new Renewals();
    renewals.find(values);
    Map<String, @Nullable Object> kept = renewals.without(values);
    kept.remove(TokenResponse.OURS);
    return Collections.unmodifiableMap(kept);
  }

  private void find(@Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      map.forEach((name, member) -> {
        if (renews(name) && member instanceof String text && !text.isEmpty()) {
          texts.add(text);
        }
        find(member);
      });
    } else if (value instanceof List<?> list) {
      list.forEach(this::find);
    }
  }

  private Map<String, @Nullable Object> without(Map<?, ?> map) {
    Map<String, @Nullable Object> kept = new LinkedHashMap<>();
    map.forEach((name, member) -> {
      if (!renews(name) && !(member instanceof String text && texts.contains(text))) {
        kept.put(String.valueOf(name), part(member));
      }
    });
    return kept;
  }

  private @Nullable Object part(@Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      return without(map);
    }
    if (value instanceof List<?> list) {
      List<@Nullable Object> kept = new ArrayList<>();
      list.forEach(element -> {
        if (!(element instanceof String text && texts.contains(text))) {
          kept.add(part(element));
        }
      });
      return kept;
    }
    return value;
  }

  private static boolean renews(@Nullable Object name) {
    String plain = String.valueOf(name).replace("_", "").replace("-", "");
    return plain.toLowerCase(Locale.ROOT).equals("refreshtoken");
  }
}
