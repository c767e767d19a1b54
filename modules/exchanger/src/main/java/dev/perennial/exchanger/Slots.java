package dev.perennial.exchanger;

import dev.perennial.domain.Secret;
import dev.perennial.domain.credential.TokenResponse;
import dev.perennial.domain.definition.Integration;
import dev.perennial.domain.definition.SiblingToken;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The tokens of one grant that are refreshed apart, read from what is kept alone. Pure. */
final class Slots {

  /**
   * One of them.
   *
   * @param sibling null = the main one
   */
  record Slot(@Nullable SiblingToken sibling, Life life) {
    boolean main() {
      return sibling == null;
    }
  }

  private Slots() {}

  /**
   * The one whose access token ends first; the main one before a sibling that ends with it, and
   * where nothing has a refresh token.
   */
  static Slot earliest(Integration integration, Kept kept) {
    List<Slot> all = all(integration, kept);
    Slot earliest = all.getFirst();
    for (Slot slot : all) {
      if (end(slot).isBefore(end(earliest))) {
        earliest = slot;
      }
    }
    return earliest;
  }

  private static Instant end(Slot slot) {
    Instant end = slot.life().expiresAt();
    return end == null ? Instant.MAX : end;
  }

  /** The main one first, each refresh token once; never empty. */
  static List<Slot> all(Integration integration, Kept kept) {
    List<Slot> all = new ArrayList<>();
    Set<Secret> own = new HashSet<>();
    Slot main = new Slot(null, kept.ours().main());
    kept.refreshToken()
        .ifPresent(token -> {
          own.add(token);
          all.add(main);
        });
    for (SiblingToken sibling : integration.siblings()) {
      shaped(integration, kept, sibling)
          .refreshToken()
          .filter(own::add)
          .ifPresent(_ -> all.add(new Slot(sibling, kept.ours().sibling(sibling.name()))));
    }
    return all.isEmpty() ? List.of(main) : all;
  }

  /** The sibling's tokens. */
  static Shaped shaped(Integration integration, Kept kept, SiblingToken sibling) {
    return new Shaped(Paths.at(kept.values(), sibling.path()), integration.answerShape());
  }

  /** What the refresh request of the slot reads as {@code oauth}. */
  static Map<String, @Nullable Object> oauth(Integration integration, Kept kept, Slot slot) {
    if (slot.sibling() == null) {
      return kept.values();
    }
    Shaped shaped = shaped(integration, kept, slot.sibling());
    Map<String, @Nullable Object> oauth = new LinkedHashMap<>(kept.values());
    oauth.put(TokenResponse.ACCESS_TOKEN, reveal(shaped.accessToken().orElse(null)));
    oauth.put(TokenResponse.REFRESH_TOKEN, reveal(shaped.refreshToken().orElse(null)));
    return oauth;
  }

  private static @Nullable String reveal(@Nullable Secret secret) {
    return secret == null ? null : secret.reveal();
  }
}
