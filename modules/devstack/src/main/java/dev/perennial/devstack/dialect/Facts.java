package dev.perennial.devstack.dialect;

import dev.perennial.devstack.dialect.Dialect.Rotation;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What the placeholders stand for while one dialect is played. Not thread-safe. */
final class Facts {
  private static final Duration TOLERANCE = Duration.ofMinutes(2);

  private final Map<String, String> known = new HashMap<>();
  private final Set<String> spent = new HashSet<>();
  private final Rotation rotation;
  private final Collection<String> secrets;
  private final InstantSource clock;
  private final RandomGenerator random;

  Facts(Dialect dialect, String redirectUrl, InstantSource clock, RandomGenerator random) {
    this.rotation = dialect.rotation();
    this.secrets = dialect.variables().values();
    this.clock = clock;
    this.random = random;
    known.put("redirect_url", redirectUrl);
  }

  /** The one value that a placeholder has, or null where it has none yet or any of many. */
  @Nullable String known(String name) {
    return known.get(name);
  }

  void learn(Map<String, String> found) {
    known.putAll(found);
  }

  boolean isSpent(String token) {
    return spent.contains(token);
  }

  /**
   * Judges the value that stands where a placeholder without a known value was expected.
   *
   * @return what is wrong with it; empty where nothing is
   */
  List<String> problems(String name, String actual, Map<String, JsonNode> claims) {
    if (actual.isEmpty()) {
      return List.of("empty");
    }
    return switch (name) {
      case "any", "state" -> List.of();
      case "challenge" ->
          actual.matches("[A-Za-z0-9_-]{43}") ? List.of() : List.of("not a SHA-256 in base64url");
      case "verifier" -> verifierProblems(actual);
      case "jwt" -> Assertion.problems(actual, secrets, claims, clock.instant());
      default -> {
        Instant wanted = time(name);
        if (wanted == null) {
          yield List.of("there is no $" + name + " yet");
        }
        yield timeProblems(name, wanted, actual);
      }
    };
  }

  private List<String> verifierProblems(String actual) {
    String challenge = known.get("challenge");
    if (!actual.matches("[A-Za-z0-9._~-]{43,128}")) {
      return List.of("not a code verifier (RFC 7636, section 4.1)");
    }
    return sha256(actual).equals(challenge)
        ? List.of()
        : List.of("a verifier that does not belong to the challenge " + challenge);
  }

  private static List<String> timeProblems(String name, Instant wanted, String actual) {
    try {
      Instant said =
          name.startsWith("iso_")
              ? Instant.parse(actual)
              : name.endsWith("_ms")
                  ? Instant.ofEpochMilli(Long.parseLong(actual))
                  : Instant.ofEpochSecond(Long.parseLong(actual));
      return Duration.between(said, wanted).abs().compareTo(TOLERANCE) <= 0
          ? List.of()
          : List.of("not within two minutes of " + wanted);
    } catch (NumberFormatException | DateTimeParseException e) {
      return List.of("no such time");
    }
  }

  /** The time of a placeholder, or null where it is none. */
  private @Nullable Instant time(String name) {
    String plain = name.endsWith("_ms") ? name.substring(0, name.length() - 3) : name;
    String bare = plain.startsWith("iso_") ? plain.substring(4) : plain;
    if (bare.equals("now")) {
      return clock.instant();
    }
    return bare.startsWith("in_")
        ? clock.instant().plusSeconds(Long.parseLong(bare.substring(3)))
        : null;
  }

  /** The number that a placeholder stands for in an answer, or null where it is a text. */
  @Nullable Long number(String name) {
    Instant time = name.startsWith("iso_") ? null : time(name);
    if (time == null) {
      return null;
    }
    return name.endsWith("_ms") ? time.toEpochMilli() : time.getEpochSecond();
  }

  /**
   * The text that a placeholder stands for in an answer.
   *
   * @param minted the tokens of this answer so far
   */
  String spoken(String name, Map<String, String> minted) {
    if (Placeholders.isAccessToken(name) || mintsRefreshToken(name) || isFirst(name)) {
      return minted.computeIfAbsent(name, this::mint);
    }
    String value = known.get(name);
    if (value != null) {
      return value;
    }
    Instant time = time(name);
    if (time != null) {
      return name.startsWith("iso_") ? time.toString() : String.valueOf(number(name));
    }
    if (name.equals("jwt")) {
      return Assertion.example(clock.instant());
    }
    throw new IllegalStateException("there is no $" + name + " to answer with");
  }

  private boolean mintsRefreshToken(String name) {
    return Placeholders.isRefreshToken(name)
        && (rotation == Rotation.SINGLE_USE || known.get(name) == null);
  }

  private boolean isFirst(String name) {
    return name.equals("code") || name.equals("device_code");
  }

  /** What was minted counts from now on; refresh tokens that have a successor are dead. */
  void issue(Map<String, String> minted) {
    minted.forEach((name, value) -> {
      String before = known.put(name, value);
      if (before != null && Placeholders.isRefreshToken(name)) {
        spent.add(before);
      }
    });
  }

  // Characters that real tokens have, and that a careless encoding spoils.
  private String mint(String name) {
    byte[] bytes = new byte[18];
    random.nextBytes(bytes);
    return name.replace("_", "-")
        + "/+"
        + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes)
        + "==";
  }

  static String sha256(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
