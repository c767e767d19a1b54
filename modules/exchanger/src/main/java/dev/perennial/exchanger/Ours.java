package dev.perennial.exchanger;

import dev.perennial.domain.Secret;
import dev.perennial.domain.definition.ConnectionContext;
import dev.perennial.domain.definition.Lifetime;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is ours among what is kept of a connection: an object beside the provider's answer, sealed
 * with it. The names in it are a format: what was written once must stay readable. Immutable;
 * prints no value.
 *
 * @param variables values of the per-connection variables, by id
 * @param dpopKey a private JWK (RFC 9449); null without
 * @param connectedAt when the consent was given; null where that is not known
 * @param grantEndsAt when only a new consent will help; null where that is not known
 * @param refreshTokenExpiresAt as an answer stated it; null where none did
 * @param refreshTokenEndMoves whether the answers state a later end with each refresh
 * @param main of the main token
 * @param siblings of the others, by name
 * @param scopes that were asked for beside those of the definition
 * @param imported the identity of the import that these tokens and their successors come from; null
 *     where they come from a consent
 */
record Ours(
    Map<String, String> variables,
    @Nullable Secret dpopKey,
    @Nullable Instant connectedAt,
    @Nullable Instant grantEndsAt,
    @Nullable Instant refreshTokenExpiresAt,
    boolean refreshTokenEndMoves,
    Life main,
    Map<String, Life> siblings,
    List<String> scopes,
    @Nullable String imported) {

  static final Ours NOTHING =
      new Ours(Map.of(), null, null, null, null, false, Life.UNKNOWN, Map.of(), List.of(), null);

  private static final String VARIABLES = "variables";
  private static final String DPOP_KEY = "dpop_key";
  private static final String CONNECTED_AT = "connected_at";
  private static final String GRANT_ENDS_AT = "grant_ends_at";
  private static final String REFRESH_TOKEN_EXPIRES_AT = "refresh_token_expires_at";
  private static final String REFRESH_TOKEN_END_MOVES = "refresh_token_end_moves";
  private static final String ISSUED_AT = "issued_at";
  private static final String EXPIRES_AT = "expires_at";
  private static final String SIBLINGS = "siblings";
  private static final String SCOPES = "scopes";
  private static final String IMPORTED = "imported";

  Ours {
    variables = Map.copyOf(variables);
    siblings = Map.copyOf(siblings);
    scopes = List.copyOf(scopes);
  }

  /** Of a consent given now. */
  static Ours connected(
      Map<String, String> variables, @Nullable Secret dpopKey, Instant at, Lifetime lifetime) {
    Instant ends = lifetime.grant() == null ? null : at.plus(lifetime.grant());
    return new Ours(
        variables, dpopKey, at, ends, null, false, Life.UNKNOWN, Map.of(), List.of(), null);
  }

  Ours withMain(Life life) {
    return new Ours(
        variables,
        dpopKey,
        connectedAt,
        grantEndsAt,
        refreshTokenExpiresAt,
        refreshTokenEndMoves,
        life,
        siblings,
        scopes,
        imported);
  }

  Ours withSibling(String name, Life life) {
    Map<String, Life> all = new LinkedHashMap<>(siblings);
    all.put(name, life);
    return new Ours(
        variables,
        dpopKey,
        connectedAt,
        grantEndsAt,
        refreshTokenExpiresAt,
        refreshTokenEndMoves,
        main,
        all,
        scopes,
        imported);
  }

  Ours withRefreshTokenExpiry(@Nullable Instant at, boolean moves) {
    return new Ours(
        variables, dpopKey, connectedAt, grantEndsAt, at, moves, main, siblings, scopes, imported);
  }

  Ours withDpopKey(Secret key) {
    return new Ours(
        variables,
        key,
        connectedAt,
        grantEndsAt,
        refreshTokenExpiresAt,
        refreshTokenEndMoves,
        main,
        siblings,
        scopes,
        imported);
  }

  Ours withImported(String identity) {
    return new Ours(
        variables,
        dpopKey,
        connectedAt,
        grantEndsAt,
        refreshTokenExpiresAt,
        refreshTokenEndMoves,
        main,
        siblings,
        scopes,
        identity);
  }

  Ours withScopes(List<String> more) {
    return new Ours(
        variables,
        dpopKey,
        connectedAt,
        grantEndsAt,
        refreshTokenExpiresAt,
        refreshTokenEndMoves,
        main,
        siblings,
        more,
        imported);
  }

  Life sibling(String name) {
    return siblings.getOrDefault(name, Life.UNKNOWN);
  }

  /** What templates read of it. */
  ConnectionContext context() {
    return ConnectionContext.of(variables).withScopes(scopes);
  }

  /** What cannot be read counts as not there. */
  static Ours read(@Nullable Object kept) {
    if (!(kept instanceof Map<?, ?> object)) {
      return NOTHING;
    }
    Map<String, Life> siblings = new LinkedHashMap<>();
    if (object.get(SIBLINGS) instanceof Map<?, ?> lives) {
      lives.forEach((name, life) -> siblings.put(String.valueOf(name), life(life)));
    }
    return new Ours(
        texts(object.get(VARIABLES)),
        object.get(DPOP_KEY) instanceof String key ? Secret.of(key) : null,
        instant(object.get(CONNECTED_AT)),
        instant(object.get(GRANT_ENDS_AT)),
        instant(object.get(REFRESH_TOKEN_EXPIRES_AT)),
        Boolean.TRUE.equals(object.get(REFRESH_TOKEN_END_MOVES)),
        life(object),
        siblings,
        list(object.get(SCOPES)),
        object.get(IMPORTED) instanceof String identity ? identity : null);
  }

  private static Life life(@Nullable Object kept) {
    return kept instanceof Map<?, ?> object
        ? new Life(instant(object.get(ISSUED_AT)), instant(object.get(EXPIRES_AT)))
        : Life.UNKNOWN;
  }

  private static Map<String, String> texts(@Nullable Object kept) {
    Map<String, String> texts = new LinkedHashMap<>();
    if (kept instanceof Map<?, ?> object) {
      object.forEach((name, value) -> texts.put(String.valueOf(name), String.valueOf(value)));
    }
    return texts;
  }

  private static List<String> list(@Nullable Object kept) {
    return kept instanceof List<?> list ? list.stream().map(String::valueOf).toList() : List.of();
  }

  private static @Nullable Instant instant(@Nullable Object kept) {
    try {
      return kept instanceof String text ? Instant.parse(text) : null;
    } catch (DateTimeException e) {
      return null;
    }
  }

  /** As JSON values; what is not known is left out. */
  Map<String, @Nullable Object> write() {
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    if (!variables.isEmpty()) {
      object.put(VARIABLES, variables);
    }
    if (dpopKey != null) {
      object.put(DPOP_KEY, dpopKey.reveal());
    }
    put(object, CONNECTED_AT, connectedAt);
    put(object, GRANT_ENDS_AT, grantEndsAt);
    put(object, REFRESH_TOKEN_EXPIRES_AT, refreshTokenExpiresAt);
    if (refreshTokenEndMoves) {
      object.put(REFRESH_TOKEN_END_MOVES, true);
    }
    put(object, main);
    if (!siblings.isEmpty()) {
      Map<String, Object> lives = new LinkedHashMap<>();
      siblings.forEach((name, life) -> lives.put(name, written(life)));
      object.put(SIBLINGS, lives);
    }
    if (!scopes.isEmpty()) {
      object.put(SCOPES, scopes);
    }
    if (imported != null) {
      object.put(IMPORTED, imported);
    }
    return object;
  }

  private static Map<String, @Nullable Object> written(Life life) {
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    put(object, life);
    return object;
  }

  private static void put(Map<String, @Nullable Object> object, Life life) {
    put(object, ISSUED_AT, life.issuedAt());
    put(object, EXPIRES_AT, life.expiresAt());
  }

  private static void put(
      Map<String, @Nullable Object> object, String name, @Nullable Instant instant) {
    if (instant != null) {
      object.put(name, instant.toString());
    }
  }

  @Override
  public String toString() {
    return "Ours[variables="
        + variables.keySet()
        + ", main="
        + main
        + ", siblings="
        + siblings
        + "]";
  }
}
