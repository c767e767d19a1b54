package dev.perennial.credentials;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.perennial.domain.Sealed;
import dev.perennial.domain.credential.Failure;
import dev.perennial.domain.credential.GrantEnd;
import dev.perennial.domain.credential.IssuedTokens;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Arguments of a script, in order. What is absent becomes the empty string. */
final class Arguments {
  private final List<byte[]> bytes = new ArrayList<>();

  Arguments text(@Nullable String text) {
    bytes.add(text == null ? new byte[0] : text.getBytes(UTF_8));
    return this;
  }

  Arguments bytes(byte[] more) {
    bytes.add(more);
    return this;
  }

  Arguments number(long number) {
    return text(Long.toString(number));
  }

  Arguments flag(boolean flag) {
    return text(flag ? "1" : "0");
  }

  Arguments millis(Duration duration) {
    return number(duration.toMillis());
  }

  Arguments seconds(@Nullable Duration duration) {
    return duration == null ? text(null) : number(duration.toSeconds());
  }

  Arguments instant(@Nullable Instant instant) {
    return instant == null ? text(null) : number(instant.toEpochMilli());
  }

  Arguments sealed(@Nullable Sealed sealed) {
    bytes.add(sealed == null ? new byte[0] : sealed.bytes());
    return this;
  }

  /** The end and whether it moves. */
  Arguments grantEnd(@Nullable GrantEnd end) {
    return end == null ? text(null).text(null) : instant(end.at()).flag(end.moves());
  }

  /**
   * Sealed, issued, expires, token type, scope, due, grant end: in the order that every script
   * takes them.
   */
  Arguments tokens(IssuedTokens tokens) {
    return sealed(tokens.sealed())
        .instant(tokens.issuedAt())
        .instant(tokens.expiresAt())
        .text(tokens.tokenType())
        .text(tokens.scope())
        .instant(tokens.dueAt())
        .grantEnd(tokens.grantEnd());
  }

  /** Reason, its detail, and how long to wait. */
  Arguments incomplete(@Nullable Failure failure) {
    return failure == null
        ? text(null).text(null).number(0)
        : text(failure.reason().code()).text(failure.reason().detail()).millis(failure.retryIn());
  }

  List<byte[]> list() {
    return bytes;
  }

  static List<byte[]> keys(String... keys) {
    return new Arguments().all(keys).list();
  }

  private Arguments all(String... texts) {
    for (String text : texts) {
      text(text);
    }
    return this;
  }
}
