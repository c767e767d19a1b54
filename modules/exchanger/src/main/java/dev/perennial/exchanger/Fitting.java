package dev.perennial.exchanger;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Secret;
import dev.perennial.domain.credential.TokenResponse;
import dev.perennial.domain.definition.Integration;
import dev.perennial.domain.definition.SiblingToken;
import dev.perennial.event.EventMessage;
import dev.perennial.event.JsonObjects;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes what is kept small enough for a record of a topic, so that no token is lost for what stands
 * beside it: the largest members that are neither tokens nor ours go first. Pure but for a line in
 * the log.
 */
final class Fitting {
  private static final Logger LOG = LoggerFactory.getLogger(Fitting.class);

  /** Base64 makes four bytes of three; the rest is for the seal and what stands around it. */
  static final int MOST_BYTES = EventMessage.MAX_VALUE_BYTES / 4 * 3 - (64 << 10);

  /** Of what is said in the open, in characters. */
  static final int LONGEST_OPEN = 8 << 10;

  private static final Set<String> NEEDED =
      Set.of(
          TokenResponse.ACCESS_TOKEN,
          TokenResponse.REFRESH_TOKEN,
          TokenResponse.REDIRECT_PARAMETERS,
          "scope",
          "token_type");

  private Fitting() {}

  static Kept fit(ConnectionKey key, Integration integration, Kept kept) {
    int excess = bytes(kept.response().values()) - MOST_BYTES;
    if (excess <= 0) {
      return kept;
    }
    Set<String> needed = new HashSet<>(NEEDED);
    integration.siblings().forEach(sibling -> needed.add(sibling.path().getFirst()));
    Kept fitting = without(kept, needed, excess);
    if (bytes(fitting.response().values()) > MOST_BYTES) {
      fitting = tokensOnly(integration, fitting);
    }
    LOG.warn(
        "{}: what the provider answered is {} bytes too long to be kept whole, {} of its members"
            + " are dropped",
        key,
        excess,
        kept.values().size() - fitting.values().size());
    return fitting;
  }

  private static Kept without(Kept kept, Set<String> needed, int excess) {
    List<Member> droppable = new ArrayList<>();
    kept.values()
        .forEach((name, value) -> {
          if (!needed.contains(name)) {
            droppable.add(Member.of(name, value));
          }
        });
    droppable.sort(Comparator.comparingInt(Member::bytes).reversed());
    Map<String, @Nullable Object> left = new LinkedHashMap<>(kept.values());
    int over = excess;
    for (Member member : droppable) {
      if (over > 0) {
        left.remove(member.name());
        over -= member.bytes();
      }
    }
    return new Kept(left, kept.ours());
  }

  /**
   * @param bytes that it takes, without what stands around the whole
   */
  private record Member(String name, int bytes) {
    static Member of(String name, @Nullable Object value) {
      Map<String, @Nullable Object> alone = new LinkedHashMap<>();
      alone.put(name, value);
      return new Member(name, Fitting.bytes(alone) - 2);
    }
  }

  /** Of siblings too. */
  private static Kept tokensOnly(Integration integration, Kept kept) {
    Kept bare = new Kept(new LinkedHashMap<>(kept.values()), kept.ours());
    bare.values().remove("scope");
    integration.siblings().forEach(sibling -> bare.values().remove(sibling.path().getFirst()));
    Kept all = bare;
    for (SiblingToken sibling : integration.siblings()) {
      Shaped shaped = Slots.shaped(integration, kept, sibling);
      all = put(all, sibling, shaped.accessTokenPath(), shaped.accessToken());
      all = put(all, sibling, shaped.refreshTokenPath(), shaped.refreshToken());
    }
    return all;
  }

  private static Kept put(
      Kept kept, SiblingToken sibling, List<String> path, Optional<Secret> token) {
    if (token.isEmpty()) {
      return kept;
    }
    Map<String, @Nullable Object> object =
        Paths.object(kept.values(), sibling.path()).orElse(Map.of());
    return kept.withValue(sibling.path(), Paths.with(object, path, token.get().reveal()));
  }

  private static int bytes(Map<String, @Nullable Object> values) {
    return JsonObjects.write(values).length;
  }
}
