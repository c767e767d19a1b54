package dev.perennial.app.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Sealed;
import dev.perennial.domain.Secret;
import dev.perennial.domain.credential.Status;
import dev.perennial.domain.credential.TokenResponse;
import dev.perennial.exchanger.GivenTokens;
import dev.perennial.exchanger.GivenTokens.Times;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads imports. Each method throws {@link Refusal} where a member is not as it should be. */
final class ImportReader {
  private static final Set<String> NAMES = Set.of("integration", "connection");
  private static final Set<String> OPEN =
      new LinkedHashSet<>(
          List.of(
              "access_token",
              "refresh_token",
              "token_type",
              "scope",
              "expires_at",
              "expires_in",
              "issued_at",
              "oauth",
              "variables",
              "connected_at",
              "refresh_token_expires_at"));
  private static final String SEALED = "sealed";
  private static final Set<String> EXPORTED =
      new LinkedHashSet<>(
          List.of(
              SEALED,
              "grant",
              "token_gen",
              "version",
              "status",
              "issued_at",
              "expires_at",
              "token_type",
              "scope"));

  private static final int LONGEST_TOKEN = 1 << 18;
  private static final int LONGEST_TEXT = 8 << 10;
  private static final long LONGEST_LIFE = Duration.ofDays(36_525).toSeconds();
  private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

  private final InstantSource clock;

  ImportReader(InstantSource clock) {
    this.clock = clock;
  }

  /** A line that names its connection, open or exported. */
  Import line(Map<String, @Nullable Object> line) {
    Map<String, @Nullable Object> members = new LinkedHashMap<>(line);
    String integration = text(members, "integration", LONGEST_TEXT);
    String connection = text(members, "connection", LONGEST_TEXT);
    if (integration == null) {
      throw refusal("Member integration is missing.");
    }
    members.keySet().removeAll(NAMES);
    ConnectionKey key = key(integration, connection);
    return members.containsKey(SEALED) ? exported(key, members) : open(key, members);
  }

  private static ConnectionKey key(String integration, @Nullable String connection) {
    try {
      return new ConnectionKey(
          integration, Objects.requireNonNullElse(connection, ConnectionKey.DEFAULT));
    } catch (IllegalArgumentException e) {
      throw refusal(Objects.toString(e.getMessage(), ""));
    }
  }

  /** Tokens in the open. */
  Import open(ConnectionKey key, Map<String, @Nullable Object> members) {
    checkMembers(members, OPEN);
    checkTexts(members);
    Map<String, @Nullable Object> answer = new LinkedHashMap<>(object(members, "oauth"));
    answer.remove(TokenResponse.OURS);
    lay(answer, members, "token_type");
    lay(answer, members, "scope");
    GivenTokens tokens =
        new GivenTokens(
            answer,
            secret(members, TokenResponse.ACCESS_TOKEN),
            secret(members, TokenResponse.REFRESH_TOKEN),
            times(members),
            variables(members));
    return new Import(key, new Import.Content.Open(tokens), Fingerprint.of(key, members));
  }

  private static void lay(
      Map<String, @Nullable Object> answer, Map<String, @Nullable Object> members, String name) {
    String text = text(members, name, LONGEST_TEXT);
    if (text != null) {
      answer.put(name, text);
    }
  }

  private Times times(Map<String, @Nullable Object> members) {
    Instant issuedAt = instant(members, "issued_at");
    Instant expiresAt = instant(members, "expires_at");
    Duration expiresIn = seconds(members, "expires_in");
    if (expiresAt != null && expiresIn != null) {
      throw refusal("Of expires_at and expires_in only one may be given.");
    }
    if (expiresIn != null) {
      expiresAt = Objects.requireNonNullElseGet(issuedAt, clock::instant).plus(expiresIn);
    }
    return new Times(
        issuedAt,
        expiresAt,
        instant(members, "refresh_token_expires_at"),
        instant(members, "connected_at"));
  }

  private Import exported(ConnectionKey key, Map<String, @Nullable Object> members) {
    checkMembers(members, EXPORTED);
    Sealed sealed = sealed(members);
    boolean doubtful = status(members) != Status.ACTIVE;
    Origin origin = new Origin(number(members, "grant"), number(members, "token_gen"));
    return new Import(
        key, new Import.Content.Exported(origin, sealed, doubtful), origin.identity());
  }

  private static Sealed sealed(Map<String, @Nullable Object> members) {
    if (members.get(SEALED) == null) {
      throw refusal("Member sealed is null: there are no tokens in it.");
    }
    try {
      return Sealed.of(Base64.getDecoder().decode(textOf(members, SEALED)));
    } catch (IllegalArgumentException _) {
      throw refusal("Member sealed must be base64.");
    }
  }

  private static Status status(Map<String, @Nullable Object> members) {
    String text = text(members, "status", LONGEST_TEXT);
    try {
      return text == null ? Status.ACTIVE : Status.of(text);
    } catch (IllegalArgumentException _) {
      throw refusal("Member status is none that there is.");
    }
  }

  private static void checkMembers(Map<String, @Nullable Object> members, Set<String> known) {
    for (String name : members.keySet()) {
      if (!known.contains(name)) {
        throw refusal(
            "Unknown member " + Query.printable(name) + "; known: " + String.join(", ", known));
      }
    }
  }

  /** What has half a character in it cannot be written down again. */
  private static void checkTexts(@Nullable Object value) {
    switch (value) {
      case Map<?, ?> map ->
          map.forEach((name, member) -> {
            checkTexts(name);
            checkTexts(member);
          });
      case List<?> list -> list.forEach(ImportReader::checkTexts);
      case String text when !UTF_8.newEncoder().canEncode(text) ->
          throw refusal("A text in it is no Unicode (an unpaired surrogate).");
      case null, default -> {}
    }
  }

  private static Map<String, @Nullable Object> object(
      Map<String, @Nullable Object> members, String name) {
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    switch (members.get(name)) {
      case null -> {}
      case Map<?, ?> map -> map.forEach((key, value) -> object.put(String.valueOf(key), value));
      default -> throw refusal("Member " + name + " must be an object.");
    }
    return object;
  }

  private static Map<String, String> variables(Map<String, @Nullable Object> members) {
    Map<String, String> variables = new LinkedHashMap<>();
    object(members, "variables")
        .forEach((id, value) -> {
          if (!(value instanceof String text) || text.length() > LONGEST_TEXT) {
            throw refusal(
                "Member variables: " + Query.printable(id) + " must be a string that is not long.");
          }
          variables.put(id, text);
        });
    return variables;
  }

  private static @Nullable Secret secret(Map<String, @Nullable Object> members, String name) {
    String text = text(members, name, LONGEST_TOKEN);
    if (text == null || text.isEmpty()) {
      return null;
    }
    if (text.chars().anyMatch(Character::isISOControl)) {
      throw refusal("Member " + name + " has a control character in it.");
    }
    return Secret.of(text);
  }

  private static @Nullable String text(
      Map<String, @Nullable Object> members, String name, int longest) {
    if (members.get(name) == null) {
      return null;
    }
    String text = textOf(members, name);
    if (text.length() > longest) {
      throw refusal("Member " + name + " is longer than " + longest + " characters.");
    }
    return text;
  }

  private static String textOf(Map<String, @Nullable Object> members, String name) {
    if (members.get(name) instanceof String text) {
      return text;
    }
    throw refusal("Member " + name + " must be a string.");
  }

  private static long number(Map<String, @Nullable Object> members, String name) {
    if (members.get(name) instanceof Number number
        && number.doubleValue() >= 1
        && number.doubleValue() < 1e18) {
      return number.longValue();
    }
    throw refusal("Member " + name + " must be a number from 1.");
  }

  private static @Nullable Duration seconds(Map<String, @Nullable Object> members, String name) {
    Object value = members.get(name);
    if (value == null) {
      return null;
    }
    double seconds = value instanceof Number number ? number.doubleValue() : Double.NaN;
    if (!(seconds >= 0 && seconds <= LONGEST_LIFE)) {
      throw refusal("Member " + name + " must be a number of seconds, at most 100 years.");
    }
    return Duration.ofMillis((long) (seconds * 1000));
  }

  private static @Nullable Instant instant(Map<String, @Nullable Object> members, String name) {
    String text = text(members, name, LONGEST_TEXT);
    if (text == null) {
      return null;
    }
    try {
      Instant instant = OffsetDateTime.parse(text).toInstant();
      if (!instant.isBefore(Instant.EPOCH) && !instant.isAfter(LATEST)) {
        return instant;
      }
    } catch (DateTimeException _) {
      // told below
    }
    throw refusal("Member " + name + " must be a time such as 2026-03-01T12:00:00Z.");
  }

  private static Refusal refusal(String detail) {
    return new Refusal(Problem.badRequest(detail));
  }
}
