package dev.perennial.credentials;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Sealed;
import dev.perennial.domain.credential.Change;
import dev.perennial.domain.credential.CredentialState;
import dev.perennial.domain.credential.GrantEnd;
import dev.perennial.domain.credential.Reason;
import dev.perennial.domain.credential.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A script's answer, read by position. */
record Reply(List<?> values) {

  /** The first element of every answer of a connection's script names the case. */
  String verdict() {
    return text(0);
  }

  String text(int i) {
    return Objects.requireNonNull(optionalText(i), () -> "element " + i + " of a script's answer");
  }

  @Nullable String optionalText(int i) {
    byte[] bytes = i < values.size() ? (byte[]) values.get(i) : null;
    return bytes == null ? null : new String(bytes, UTF_8);
  }

  long number(int i) {
    Object value = values.get(i);
    return value instanceof Long number ? number : Long.parseLong(text(i));
  }

  Instant instant(int i) {
    return Instant.ofEpochMilli(number(i));
  }

  Instant instantOrEpoch(int i) {
    return has(i) ? instant(i) : Instant.EPOCH;
  }

  Sealed sealed(int i) {
    return Sealed.of((byte[]) Objects.requireNonNull(values.get(i)));
  }

  Reply nested(int i) {
    return new Reply((List<?>) Objects.requireNonNull(values.get(i)));
  }

  boolean has(int i) {
    return i < values.size() && values.get(i) != null;
  }

  Stream<Reply> rows() {
    return values.stream().map(row -> new Reply((List<?>) row));
  }

  Stream<String> texts() {
    return values.stream().map(value -> new String((byte[]) value, UTF_8));
  }

  /** The element as the snapshot of a connection, in the order of {@code snapshot()}. */
  CredentialState state(int i, ConnectionKey key) {
    return nested(i).state(key);
  }

  CredentialState state(ConnectionKey key) {
    return new CredentialState(
        key,
        number(0),
        number(1),
        number(2),
        Status.of(text(3)),
        Change.of(text(4)),
        reason(5),
        has(7) ? sealed(7) : null,
        optionalInstant(8),
        optionalInstant(9),
        optionalInstant(10),
        optionalText(11),
        optionalText(12),
        instant(13),
        has(14) ? new GrantEnd(instant(14), "1".equals(optionalText(15))) : null,
        has(16) ? Duration.ofSeconds(number(16)) : null);
  }

  /** The code here, the detail in the next element. */
  @Nullable Reason reason(int i) {
    String code = optionalText(i);
    return code == null
        ? null
        : new Reason(code, Objects.requireNonNullElse(optionalText(i + 1), ""));
  }

  private @Nullable Instant optionalInstant(int i) {
    return has(i) ? instant(i) : null;
  }
}
