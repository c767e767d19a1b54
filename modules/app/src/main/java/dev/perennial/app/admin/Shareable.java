package dev.perennial.app.admin;

import dev.perennial.domain.credential.TokenResponse;
import dev.perennial.domain.definition.AnswerShape;
import dev.perennial.domain.definition.Integration;
import dev.perennial.domain.definition.SiblingToken;
import dev.perennial.integration.template.JsonValues;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What of a stored token response may leave: all but refresh tokens and what is ours. A refresh
 * token is told by its name at any depth, by where the definition finds it, and by its value
 * wherever else it stands.
 */
final class Shareable {
  private final Set<String> refreshTokens = new HashSet<>();

  private Shareable() {}

  /**
   * @param integration empty where no definition is loaded
   */
  static Map<String, @Nullable Object> of(TokenResponse tokens, Optional<Integration> integration) {
    Shareable shareable = new Shareable();
    shareable.collect(tokens.values());
    AnswerShape shape = integration.map(Integration::answerShape).orElse(AnswerShape.STANDARD);
    List<SiblingToken> siblings = integration.map(Integration::siblings).orElse(List.of());
    for (List<String> path : shape.refreshToken()) {
      shareable.collect(shape.root(), path, tokens.values());
      siblings.forEach(sibling -> shareable.collect(sibling.path(), path, tokens.values()));
    }
    Map<String, @Nullable Object> kept = shareable.members(tokens.values());
    kept.remove(TokenResponse.OURS);
    return kept;
  }

  private void collect(@Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      map.forEach((name, member) -> {
        if (isRefreshToken(String.valueOf(name))) {
          add(member);
        }
        collect(member);
      });
    } else if (value instanceof List<?> list) {
      list.forEach(this::collect);
    }
  }

  private void collect(List<String> root, List<String> path, @Nullable Object from) {
    List<String> whole = new ArrayList<>(root);
    whole.addAll(path);
    add(JsonValues.part(from, whole));
  }

  private void add(@Nullable Object value) {
    if (value instanceof String text && !text.isEmpty()) {
      refreshTokens.add(text);
    }
  }

  private Map<String, @Nullable Object> members(Map<?, ?> map) {
    Map<String, @Nullable Object> kept = new LinkedHashMap<>();
    map.forEach((name, value) -> {
      if (!isRefreshToken(String.valueOf(name))) {
        kept.put(String.valueOf(name), without(value));
      }
    });
    return kept;
  }

  private @Nullable Object without(@Nullable Object value) {
    return switch (value) {
      case Map<?, ?> map -> members(map);
      case List<?> list -> elements(list);
      case String text when refreshTokens.contains(text) -> null;
      case null, default -> value;
    };
  }

  private List<@Nullable Object> elements(List<?> list) {
    List<@Nullable Object> kept = new ArrayList<>();
    list.forEach(element -> kept.add(without(element)));
    return kept;
  }

  /** Providers write refresh_token, refreshToken, RefreshToken, refresh-token. */
  private static boolean isRefreshToken(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[_-]", "").equals("refreshtoken");
  }
}
