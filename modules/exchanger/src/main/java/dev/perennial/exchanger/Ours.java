package dev.perennial.exchanger;

import dev.perennial.domain.Secret;
import dev.perennial.domain.definition.ConnectionContext;
import dev.perennial.domain.definition.Lifetime;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is ours among what is kept of a connection: an object beside the provider's answer, sealed
 * with it. The names in it are a format: what was written once must stay readable. Immutable;
 * prints no value.
 *
 * @param variables values of the per-connection variables, by id
 * @param scopes that were asked for beside those of the definition
 * @param dpopKey a private JWK (RFC 9449); null without
 * @param connectedAt when the consent was given; null where that is not known
 * @param grantEndsAt when only a new consent will help; null where that is not known
 * @param refreshTokenExpiresAt as an answer stated it; null where none did
 * @param refreshTokenEndMoves whether the answers state a later end with each refresh
 * @param main of the main token
 * @param siblings of the others, by name
 * @param imported the identity of the import that these tokens and their successors come from; null
 *     where they come from a consent
 * @param others members that a later release wrote; kept as they are, or a rollback would lose them
 */
record Ours(
    Map<String, String> variables,
    List<String> scopes,
    @Nullable Secret dpopKey,
    @Nullable Instant connectedAt,
    @Nullable Instant grantEndsAt,
    @Nullable Instant refreshTokenExpiresAt,
    boolean refreshTokenEndMoves,
    Life main,
    Map<String, Life> siblings,
    @Nullable String imported,
    Map<String, @Nullable Object> others) {

  static final Ours NOTHING = new Draft().done();

  private static final String VARIABLES = "variables";
  private static final String SCOPES = "scopes";
  private static final String DPOP_KEY = "dpop_key";
  private static final String CONNECTED_AT = "connected_at";
  private static final String GRANT_ENDS_AT = "grant_ends_at";
  private static final String REFRESH_TOKEN_EXPIRES_AT = "refresh_token_expires_at";
  private static final String REFRESH_TOKEN_END_MOVES = "refresh_token_end_moves";
  private static final String ISSUED_AT = "issued_at";
  private static final String EXPIRES_AT = "expires_at";
  private static final String SIBLINGS = "siblings";
  private static final String IMPORTED = "imported";
  private static final Set<String> KNOWN =
      Set.of(
          VARIABLES,
          SCOPES,
          DPOP_KEY,
          CONNECTED_AT,
          GRANT_ENDS_AT,
          REFRESH_TOKEN_EXPIRES_AT,
          REFRESH_TOKEN_END_MOVES,
          ISSUED_AT,
          EXPIRES_AT,
          SIBLINGS,
          IMPORTED);

  Ours {
    variables = Map.copyOf(variables);
    scopes = List.copyOf(scopes);
    siblings = Map.copyOf(siblings);
  }

  /** Of a connection of which nothing is known but the values given to it. */
  static Ours given(Map<String, String> variables) {
    Draft draft = new Draft();
    draft.variables = variables;
    return draft.done();
  }

  /** Of a consent given now. */
  static Ours connected(
      Map<String, String> variables, @Nullable Secret dpopKey, Instant at, Lifetime lifetime) {
    Draft draft = new Draft();
    draft.variables = variables;
    draft.dpopKey = dpopKey;
    draft.connectedAt = at;
    draft.grantEndsAt = lifetime.grant() == null ? null : at.plus(lifetime.grant());
    return draft.done();
  }

  Ours withScopes(List<String> more) {
    Draft draft = new Draft(this);
    draft.scopes = more;
    return draft.done();
  }

  Ours withMain(Life life) {
    Draft draft = new Draft(this);
    draft.main = life;
    return draft.done();
  }

  Ours withSibling(String name, Life life) {
    Draft draft = new Draft(this);
    draft.siblings = new LinkedHashMap<>(siblings);
    draft.siblings.put(name, life);
    return draft.done();
  }

  Ours withRefreshTokenExpiry(@Nullable Instant at, boolean moves) {
    Draft draft = new Draft(this);
    draft.refreshTokenExpiresAt = at;
    draft.refreshTokenEndMoves = moves;
    return draft.done();
  }

  Ours withDpopKey(Secret key) {
    Draft draft = new Draft(this);
    draft.dpopKey = key;
    return draft.done();
  }

  Ours withImported(String identity) {
    Draft draft = new Draft(this);
    draft.imported = identity;
    return draft.done();
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
        list(object.get(SCOPES)),
        object.get(DPOP_KEY) instanceof String key ? Secret.of(key) : null,
        instant(object.get(CONNECTED_AT)),
        instant(object.get(GRANT_ENDS_AT)),
        instant(object.get(REFRESH_TOKEN_EXPIRES_AT)),
        Boolean.TRUE.equals(object.get(REFRESH_TOKEN_END_MOVES)),
        life(object),
        siblings,
        object.get(IMPORTED) instanceof String identity ? identity : null,
        others(object));
  }

  private static Map<String, @Nullable Object> others(Map<?, ?> object) {
    Map<String, @Nullable Object> others = new LinkedHashMap<>();
    object.forEach((name, value) -> {
      if (!KNOWN.contains(String.valueOf(name))) {
        others.put(String.valueOf(name), value);
      }
    });
    return others;
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
    if (!scopes.isEmpty()) {
      object.put(SCOPES, scopes);
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
    if (imported != null) {
      object.put(IMPORTED, imported);
    }
    object.putAll(others);
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

  /** Everything of it while it is being changed. */
  private static final class Draft {
    private Map<String, String> variables = Map.of();
    private List<String> scopes = List.of();
    private @Nullable Secret dpopKey;
    private @Nullable Instant connectedAt;
    private @Nullable Instant grantEndsAt;
    private @Nullable Instant refreshTokenExpiresAt;
    private boolean refreshTokenEndMoves;
    private Life main = Life.UNKNOWN;
    private Map<String, Life> siblings = Map.of();
    private @Nullable String imported;
    private Map<String, @Nullable Object> others = Map.of();

    Draft() {}

    Draft(Ours from) {
      variables = from.variables;
      scopes = from.scopes;
      dpopKey = from.dpopKey;
      connectedAt = from.connectedAt;
      grantEndsAt = from.grantEndsAt;
      refreshTokenExpiresAt = from.refreshTokenExpiresAt;
      refreshTokenEndMoves = from.refreshTokenEndMoves;
      main = from.main;
      siblings = from.siblings;
      imported = from.imported;
      others = from.others;
    }

    Ours done() {
      return new Ours(
          variables,
          scopes,
          dpopKey,
          connectedAt,
          grantEndsAt,
          refreshTokenExpiresAt,
          refreshTokenEndMoves,
          main,
          siblings,
          imported,
          others);
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
